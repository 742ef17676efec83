/// A URL cut at its seams, never decoded: libcurl does the real parsing, this answers where a request goes.
struct URLParts {
    /// Lower-case, without the colon.
    let scheme: String
    /// User name and password as written, without the `@`; `nil` if there are none.
    let userInfo: Substring?
    /// Host as written, an IPv6 literal in its brackets.
    let host: Substring
    /// The port as written; `nil` for the scheme's own.
    let port: Substring?
    /// Path, query and fragment as written; may be empty.
    let rest: Substring

    /// `nil` if there is no scheme, no host, or a character that no URL may contain (controls and spaces).
    init?(_ url: String) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
            let colon = url.utf8.firstIndex(of: UInt8(ascii: ":")), url[colon...].hasPrefix("://")
        else { return nil }
        let start = url.utf8.index(colon, offsetBy: 3)
        let end = url.utf8[start...].firstIndex {
            [UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains($0)
        }
        let authority = url[start..<(end ?? url.endIndex)]
        let at = authority.utf8.lastIndex(of: UInt8(ascii: "@"))
        let place = at.map { authority[authority.utf8.index(after: $0)...] } ?? authority
        let hostEnd = place.utf8.lastIndex(of: UInt8(ascii: "]")) ?? place.startIndex
        let separator = place.utf8[hostEnd...].firstIndex(of: UInt8(ascii: ":"))

        scheme = url[..<colon].lowercased()
        userInfo = at.map { authority[..<$0] }
        host = place[..<(separator ?? place.endIndex)]
        port = separator.map { place[place.utf8.index(after: $0)...] }
        rest = url[(end ?? url.endIndex)...]
        if host.isEmpty {
            return nil
        }
    }

    /// Host and port as written: what the `Host` header says.
    var hostAndPort: String { port.map { "\(host):\($0)" } ?? String(host) }

    /// Scheme, host and port as written.
    var origin: String { "\(scheme)://\(hostAndPort)" }

    /// The origin in one spelling, for comparing: lower-case, with the port that is really used.
    var comparableOrigin: String {
        "\(scheme)://\(host.lowercased()):\(port ?? (scheme == "https" ? "443" : "80"))"
    }

    /// The same URL with another host: user information, port and the rest stay.
    func replacingHost(with name: String) -> String {
        let host = name.utf8.contains(UInt8(ascii: ":")) && !name.hasPrefix("[") ? "[\(name)]" : name
        let user = userInfo.map { "\($0)@" } ?? ""
        let suffix = port.map { ":\($0)" } ?? ""
        return "\(scheme)://\(user)\(host)\(suffix)\(rest)"
    }
}
