import Transport

/// The checked URL of a channel. Printing it shows the host and a fingerprint, enough to tell two channels apart.
struct WebAddress: Sendable, Hashable, CustomStringConvertible {
    /// The whole URL.
    let url: Secret
    /// The host in lower case, without port.
    let host: String
    /// Host, port when one is named, and six digits of a hash of the whole URL, such as `hooks.slack.com#3fa9c1`.
    let redacted: String

    /// The redacted form.
    var description: String { redacted }

    /// The address in `text`; throws words about what is wrong with it, without any part of it.
    init(_ text: String) throws(AddressProblem) {
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { throw .characters }
        let lowered = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lowered.hasPrefix) else { throw .scheme }
        let rest = lowered.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let server = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
        guard let (host, port) = WebAddress.hostAndPort(server) else { throw .host }
        self.url = Secret(text)
        self.host = host
        redacted = host + (port.map { ":" + $0 } ?? "") + "#" + Fingerprint.short(url)
    }

    /// The path with its leading slash, without query; possibly secret.
    var path: String {
        String(afterAuthority.prefix { $0 != "?" && $0 != "#" })
    }

    /// Names and values of the query, still percent-encoded; possibly secret.
    var query: [(name: String, value: String)] {
        let text = afterAuthority.drop { $0 != "?" }.dropFirst().prefix { $0 != "#" }
        return text.split(separator: "&").map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
    }

    /// The same address with further query items behind those that are there; values are percent-encoded.
    func appending(query items: [(name: String, value: String)]) -> Secret {
        let whole = url.reveal()
        let base = whole.prefix { $0 != "#" }
        let added = items.map { $0.name.percentEncoded + "=" + $0.value.percentEncoded }
        guard !added.isEmpty else { return url }
        let joint = base.contains("?") ? (base.hasSuffix("?") || base.hasSuffix("&") ? "" : "&") : "?"
        return Secret(base + joint + added.joined(separator: "&"))
    }

    private var afterAuthority: Substring {
        let whole = url.reveal()
        let rest = whole.dropFirst(whole.lowercased().hasPrefix("https://") ? 8 : 7)
        return rest.drop { $0 != "/" && $0 != "?" && $0 != "#" }
    }

    private static func hostAndPort(_ server: Substring) -> (String, String?)? {
        var host = server
        var port: String?
        if server.hasPrefix("[") {
            guard let end = server.firstIndex(of: "]") else { return nil }
            host = server[server.startIndex...end]
            let rest = server[server.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            port = rest.isEmpty ? nil : String(rest.dropFirst())
            guard host.dropFirst().dropLast().allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                return nil
            }
        } else {
            let parts = server.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { return nil }
            host = parts[0]
            port = parts.count == 2 ? String(parts[1]) : nil
            guard host.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_" }) else {
                return nil
            }
        }
        guard !host.isEmpty, port.map({ Int($0).map { (1...65535).contains($0) } ?? false }) ?? true else { return nil }
        return (String(host), port)
    }
}

/// Why a text is not a usable web address.
enum AddressProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// It holds a space, a line break or another character that a URL cannot hold.
    case characters
    /// It does not begin with `https://` or `http://`.
    case scheme
    /// It names no host, or a malformed one.
    case host

    /// What is wrong and what is accepted, without the text.
    var description: String {
        switch self {
        case .characters: "holds a space, a line break or another character that no URL may hold"
        case .scheme: "is not a URL: it must begin with https:// (or http://)"
        case .host: "names no proper host behind https://"
        }
    }
}
