import Transport

extension EntryReader {
    /// Where a kubeconfig's cluster is and how it is verified; `nil` when the URL is none.
    mutating func cluster(in surroundings: Surroundings) -> (server: String, trust: TLSTrust)? {
        if flag("insecure-skip-tls-verify") {
            problem(
                "insecure-skip-tls-verify is refused: give certificate-authority, and tls-server-name if the name differs"
            )
        }
        if has("proxy-url") {
            problem("proxy-url is not supported: set HTTPS_PROXY instead")
        }
        var trust = TLSTrust.system
        trust.authorities = material("certificate-authority", in: surroundings)
        trust.serverName = text("tls-server-name")
        guard let server = server() else { return nil }
        return (server, trust)
    }

    private mutating func server() -> String? {
        guard has("server") else {
            problem("server is missing")
            return nil
        }
        guard var server = text("server") else { return nil }
        while server.hasSuffix("/") {
            server.removeLast()
        }
        let scheme = ["https://", "http://"].first { server.lowercased().hasPrefix($0) }
        guard let scheme, server.utf8.count > scheme.utf8.count,
            server.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !server.contains("?"), !server.contains("#")
        else {
            problem("server is not an http or https URL")
            return nil
        }
        guard !server.contains("@") else {
            problem("server must not carry a user name")
            return nil
        }
        return scheme + server.dropFirst(scheme.count)
    }
}

extension String {
    /// Whether a URL's requests stay on this machine or are encrypted, so that credentials may travel with them.
    var isSafeForCredentials: Bool {
        if hasPrefix("https://") {
            return true
        }
        let authority = dropFirst("http://".count).prefix { $0 != "/" }
        let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        return ["127.0.0.1", "[::1]", "localhost"].contains(host)
    }
}
