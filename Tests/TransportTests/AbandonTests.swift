import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct AbandonTests {
    @Test func `what is in flight on a silent connection fails at once, and nothing goes there again`() async throws {
        try await withServer({ $0.connection == 0 && $0.target == "/hang" ? .hang : .answer() }) { transport, server in
            _ = try await transport.send(.to(server))
            let silent = HTTPRequest.to(server, "/hang", timeout: nil)
            let task = Task { await failure { () throws(TransportError) in try await transport.send(silent) } }
            await server.until { $0.requests.count == 2 }
            transport.abandonConnections(to: server.url)
            #expect(await task.value == .connectionLost(detail: "the connection was abandoned"))
            let answer = try await transport.send(.to(server))
            #expect(answer.status == 200)
            #expect(server.facts.requests.map(\.connection) == [0, 0, 1])
        }
    }

    @Test func `an idle connection is not trusted again either`() async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            _ = try await transport.send(.to(server))
            transport.abandonConnections(to: server.url)
            _ = try await transport.send(.to(server))
            _ = try await transport.send(.to(server))
            #expect(server.facts.requests.map(\.connection) == [0, 1, 1])
            await server.until { $0.openConnections == 1 }
        }
    }

    @Test func `an idle connection with unread bytes is not trusted again either`() async throws {
        // The second answer is one that nobody asked for; it is there when the connection is abandoned.
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        try await withServer({ $0.connection == 0 ? .raw(answer + answer) : .answer() }) { transport, server in
            _ = try await transport.send(.to(server))
            transport.abandonConnections(to: server.url)
            let answer = try await transport.send(.to(server, "/second"))
            #expect(answer.status == 200)
            #expect(server.facts.requests.last?.connection == 1)
        }
    }

    @Test func `a handshake that got no answer is abandoned with the rest`() async throws {
        let server = try LoopbackServer { connection in _ = connection.perform(.hang) }
        try await withServer(server) { transport, server in
            let request = HTTPRequest(
                url: Secret("https://127.0.0.1:\(server.port)/"), connectTimeout: .seconds(50), connection: .multiplexed
            )
            let tasks = (0..<5).map { _ in
                Task { await failure { () throws(TransportError) in try await transport.send(request) } }
            }
            await server.until { $0.connections == 1 }
            transport.abandonConnections(to: "https://127.0.0.1:\(server.port)")
            #expect(await tasks[0].value == .connectionLost(detail: "the connection was abandoned"))
            for task in tasks { task.cancel() }
            await server.until { $0.openConnections == 0 }
        }
    }

    @Test func `another origin's connections stay`() async throws {
        let other = try LoopbackServer { _ in .answer() }
        defer { other.stop() }
        try await withServer({ _ in .answer() }) { transport, server in
            for _ in 0..<2 {
                _ = try await transport.send(.to(server))
                _ = try await transport.send(.to(other))
                transport.abandonConnections(to: server.url.uppercased())
            }
            #expect(server.facts.connections == 2)
            #expect(other.facts.connections == 1)
        }
    }

    @Test(arguments: ["", "nonsense", "http://", "http://127.0.0.1:1"])
    func `an origin that nobody asked for is no trouble`(origin: String) async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            _ = try await transport.send(.to(server))
            transport.abandonConnections(to: origin)
            _ = try await transport.send(.to(server))
            #expect(server.facts.connections == 1)
        }
    }

    @Test func `a transport at rest keeps no connection, and opens one when it is asked again`() async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            _ = try await transport.send(.to(server))
            #expect(server.facts.openConnections == 1)
            transport.rest()
            await server.until { $0.openConnections == 0 }
            let answer = try await transport.send(.to(server))
            #expect(answer.status == 200)
            #expect(server.facts.connections == 2)
        }
    }

    @Test func `what is in flight is not disturbed by a rest`() async throws {
        try await withServer({ $0.target == "/hang" ? .hang : .answer() }) { transport, server in
            let request = HTTPRequest.to(server, "/hang")
            let task = Task { await failure { () throws(TransportError) in try await transport.send(request) } }
            await server.until { $0.requests.count == 1 }
            transport.rest()
            let answer = try await transport.send(.to(server))
            #expect(answer.status == 200)
            #expect(server.facts.openConnections == 2)
            task.cancel()
            #expect(await task.value == .cancelled)
        }
    }
}
