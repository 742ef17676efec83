import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct BrokenAnswerTests {
    /// What went wrong, without the words.
    enum Failing: Sendable { case garbled, connectionLost, untrusted }

    private func failing(_ error: TransportError?) -> Failing? {
        switch error {
        case .garbled: .garbled
        case .connectionLost: .connectionLost
        case .untrusted: .untrusted
        default: nil
        }
    }

    @Test(arguments: [
        (Reply.rawThenClose("garbage without a status line\r\n\r\n"), Failing.garbled),
        (.rawThenClose("\u{0}\u{1}\u{2}"), .garbled),
        (.rawThenClose("HTTP/9.9 200 OK\r\n\r\n"), .garbled),
        (.rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"), .garbled),
        (.rawThenClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), .garbled),
        (.rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"), .connectionLost),
        (.rawThenClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), .connectionLost),
        (.rawThenClose("HTTP/1.1 200 OK\r\nContent-Le"), .connectionLost),
        (.drop, .connectionLost),
    ])
    func `a broken answer is told apart from a lost one`(reply: Reply, expected: Failing) async throws {
        try await withServer({ _ in reply }) { transport, server in
            let error = await failure { () throws(TransportError) in try await transport.send(.to(server)) }
            #expect(failing(error) == expected, "\(String(describing: error))")
        }
    }

    @Test func `a port where nobody listens is unreachable`() async throws {
        let port = try RefusingPort()
        let request = HTTPRequest(url: Secret("http://127.0.0.1:\(port.number)/"))
        let transport = try CurlTransport()
        defer { transport.close() }
        let error = await failure { () throws(TransportError) in try await transport.send(request) }
        guard case .unreachable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a name without an address is unresolved`() async throws {
        let transport = try CurlTransport()
        defer { transport.close() }
        // Reserved to have no address, and too long a label to be asked for at all (RFC 1035, 2.3.4).
        let host = String(repeating: "x", count: 64) + ".invalid"
        let request = HTTPRequest(url: Secret("http://\(host)/"), connection: .direct)
        let error = await failure { () throws(TransportError) in try await transport.send(request) }
        #expect(error == .unresolved(host: host))
    }

    @Test func `a server that speaks no TLS is not trusted`() async throws {
        let server = try LoopbackServer { connection in connection.write("HTTP/1.1 400 Bad Request\r\n\r\n") }
        try await withServer(server) { transport, server in
            let request = HTTPRequest(url: Secret("https://127.0.0.1:\(server.port)/"))
            let error = await failure { () throws(TransportError) in try await transport.send(request) }
            #expect(failing(error) == .untrusted, "\(String(describing: error))")
        }
    }

    @Test func `a PEM file that is not there is not worked around`() async throws {
        let server = try LoopbackServer { connection in _ = connection.readLine() }
        try await withServer(server) { transport, server in
            let trust = TLSTrust(authorities: .file("/nonexistent/ca.pem"))
            let request = HTTPRequest(url: Secret("https://127.0.0.1:\(server.port)/"), trust: trust)
            let error = await failure { () throws(TransportError) in try await transport.send(request) }
            #expect(failing(error) == .untrusted, "\(String(describing: error))")
        }
    }

    @Test func `a connection that died while idle costs nothing but a new one`() async throws {
        try await withServer({ _ in .rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }) {
            transport, server in
            for _ in 0..<5 {
                let answer = try await transport.send(.to(server, method: .post))
                #expect(answer.status == 200)
            }
        }
    }
}
