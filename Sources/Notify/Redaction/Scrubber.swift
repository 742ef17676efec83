import Transport

/// Takes a channel's secrets out of texts that come from elsewhere: a server's error page may repeat the path that it
/// was asked for.
struct Scrubber: Sendable, Hashable {
    private let fragments: [Secret]

    /// Words of public URLs that tell nothing and must stay readable in answers.
    private static let harmless: Set<String> = [
        "services", "webhook", "webhooks", "webhookb2", "incomingwebhook", "workflows", "triggers", "manual", "paths",
        "invoke", "messages", "spaces", "events", "enqueue", "cgi-bin", "powerautomate", "automations", "direct",
        "default", "api-version", "message", "notify", "notifications", "alerts", "hook", "hooks", "send", "event",
        "post",
        "channels", "slack",
    ]

    /// Takes out the addresses (whole, by path, by path segment, by query value) and the keys.
    init(addresses: [WebAddress] = [], keys: [Secret] = []) {
        var found: Set<String> = []
        for address in addresses {
            found.insert(address.url.reveal())
            if address.path.utf8.count > 6 {
                found.insert(address.path)
            }
            for segment in address.path.split(separator: "/") where segment.utf8.count >= 4 {
                found.insert(String(segment))
                // `<key>.send` and the like.
                if let stem = segment.split(separator: ".").first, stem.utf8.count >= 4 { found.insert(String(stem)) }
            }
            for item in address.query where item.value.utf8.count >= 4 {
                found.insert(item.value)
            }
            if let credentials = Scrubber.credentials(of: address) {
                found.formUnion(credentials.filter { $0.utf8.count >= 4 })
            }
        }
        // A key of three characters is none, and taking it out would garble every word.
        found.formUnion(keys.map { $0.reveal() }.filter { $0.utf8.count >= 4 })
        found.formUnion(found.map(Scrubber.percentDecoded))
        found = found.filter { !Scrubber.harmless.contains($0.lowercased()) }
        // Longest first: a path must go before one of its segments leaves the rest of it standing.
        fragments = found.sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }.map { Secret($0) }
    }

    /// `text` without any of the secrets. What is percent-encoded comes out decoded: there are too many ways to encode
    /// a secret.
    func cleaned(_ text: String) -> String {
        let cleaned = withoutFragments(text)
        return cleaned.contains("%") ? withoutFragments(Scrubber.percentDecoded(cleaned)) : cleaned
    }

    private func withoutFragments(_ text: String) -> String {
        fragments.reduce(text) { $0.replacing($1.reveal(), with: "[redacted]") }
    }

    private static func credentials(of address: WebAddress) -> [String]? {
        let rest = address.url.reveal().split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard rest.count == 3 else { return nil }
        let authority = rest[2].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let end = authority.lastIndex(of: "@") else { return nil }
        return authority[..<end].split(separator: ":").map(String.init)
    }

    /// `text` with its percent-encodings resolved; what is malformed stays as it is.
    private static func percentDecoded(_ text: String) -> String {
        var result: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
                rest.count >= 2
            {
                result.append(code)
                rest = rest.dropFirst(2)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
