import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct UnsendableTests {
    @Test(arguments: [
        "ftp://127.0.0.1/", "file:///etc/passwd", "smtp://127.0.0.1/", "127.0.0.1/x", "", "http://", "http://a\r\nb/",
        "http://127.0.0.1:99999/",
    ])
    func `only a proper http or https URL is sent`(url: String) async throws {
        let transport = try CurlTransport()
        defer { transport.close() }
        let error = await failure { () throws(TransportError) in try await transport.send(HTTPRequest(url: Secret(url)))
        }
        guard case .unsendable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [
        ("X-A", "1\r\nX-B: 2"), ("X-A", "1\n"), ("X-A", "\u{0}"), ("X A", "1"), ("", "1"), ("X-A:", "1"),
        ("X\r\nA", "1"),
        ("X\u{e4}", "1"),
    ])
    func `a header cannot smuggle another`(name: String, value: String) async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            var request = HTTPRequest.to(server)
            request.headers.append(name, Secret(value))
            let error = await failure { () throws(TransportError) in try await transport.send(request) }
            guard case .unsendable = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(server.facts.connections == 0)
        }
    }

    @Test func `a name that has no address spoils no later request`() async throws {
        let transport = try CurlTransport()
        defer { transport.close() }
        let port = try RefusingPort()
        // No resolver is asked for a name with so long a part, and none has an address for it.
        let nowhere = "http://\(String(repeating: "a", count: 70)).test/"
        for _ in 0..<3 {
            let lost = await failure { () throws(TransportError) in
                try await transport.send(HTTPRequest(url: Secret(nowhere)))
            }
            guard case .unresolved = lost else {
                Issue.record("\(String(describing: lost))")
                return
            }
        }
        let refused = await failure { () throws(TransportError) in
            try await transport.send(
                HTTPRequest(url: Secret("https://127.0.0.1:\(port.number)/"), connection: .multiplexed))
        }
        guard case .unreachable = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
    }

    @Test func `a handle that was refused serves the next request`() async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            for _ in 0..<20 {
                _ = try? await transport.send(HTTPRequest(url: Secret("ftp://127.0.0.1/")))
            }
            let answer = try await transport.send(.to(server))
            #expect(answer.status == 200)
        }
    }
}
