import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct LimitTests {
    @Test func `a body beyond the limit is refused when it is declared`() async throws {
        try await withServer({ _ in .raw("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n") }) {
            transport, server in
            let error = await failure { () throws(TransportError) in try await transport.send(.to(server)) }
            #expect(error == .bodyTooLarge(limit: 1 << 20))
            await server.until { $0.openConnections == 0 }
        }
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\n\r\n", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n", "10\r\nxxxxxxxxxxxxxxxx\r\n"),
    ])
    func `an endless body is cut off at the limit`(head: String, piece: String) async throws {
        try await withServer({ _ in .endless(head, piece: piece) }) { transport, server in
            var request = HTTPRequest.to(server)
            request.bodyLimit = 10_000
            let error = await failure { () throws(TransportError) in try await transport.send(request) }
            #expect(error == .bodyTooLarge(limit: 10_000))
            await server.until { $0.openConnections == 0 }
        }
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\n", "X-Padding: 01234567890123456789012345678901234567890123456789\r\n"),
        ("HTTP/1.1 200 OK\r\nX-Endless: ", "01234567890123456789012345678901234567890123456789"),
        ("", "HTTP/1.1 100 Continue\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\nA: b\r\n", " folded\r\n"),
    ])
    func `an endless head is cut off`(start: String, piece: String) async throws {
        try await withServer({ _ in .endless(start, piece: piece) }) { transport, server in
            let error = await failure { () throws(TransportError) in try await transport.send(.to(server)) }
            guard case .garbled = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            await server.until { $0.openConnections == 0 }
        }
    }

    @Test func `a body of exactly the limit is taken`() async throws {
        try await withServer({ _ in .answer(body: "12345") }) { transport, server in
            var request = HTTPRequest.to(server)
            request.bodyLimit = 5
            let answer = try await transport.send(request)
            #expect(answer.body.count == 5)
        }
    }
}
