/// Where the instance metadata service is.
public struct MetadataEndpoint: Sendable, Hashable, CustomStringConvertible {
    /// The address on every machine.
    public static let ipv4 = MetadataEndpoint(checked: "http://169.254.169.254")
    /// The IPv6 address, on Nitro machines where it was enabled.
    public static let ipv6 = MetadataEndpoint(checked: "http://[fd00:ec2::254]")

    /// The URL without a slash at its end.
    public let description: String

    private init(checked: String) {
        description = checked
    }

    /// An `http` or `https` URL with a host and, at most, a port and a path; `nil` for anything else.
    public init?(_ text: String) {
        var text = text.trimmed
        guard let host = HostPlace(url: text)?.host, !host.isEmpty,
            !text.utf8.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") })
        else { return nil }
        while text.hasSuffix("/") { text.removeLast() }
        self.init(checked: text)
    }
}

/// Scheme and host of a URL, for deciding whether it may be asked; refuses what two readers could read differently.
struct HostPlace: Sendable, Equatable {
    /// Whether it is `https`.
    let isSecure: Bool
    /// The host in lower case, an IPv6 address without its brackets.
    let host: String

    /// `nil` for a scheme other than `http` and `https`, for user information, and for characters that no URL has.
    init?(url: String) {
        let lowered = url.lowercased()
        let schemes = ["https://", "http://"]
        guard let scheme = schemes.first(where: { lowered.hasPrefix($0) }),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return nil }
        let authority = lowered.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { return nil }
        isSecure = scheme == "https://"
        let portText: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            portText = authority[authority.index(after: end)...]
        } else {
            host = String(authority.prefix { $0 != ":" })
            portText = authority.dropFirst(host.count)
        }
        let hasGoodPort = portText.isEmpty || (portText.hasPrefix(":") && UInt16(portText.dropFirst()) != nil)
        guard !host.isEmpty, hasGoodPort else { return nil }
    }
}
