import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct TimeoutTests {
    @Test func `a server that does not answer is given up on, and its connection with it`() async throws {
        try await withServer({ $0.target == "/hang" ? .hang : .answer() }) { transport, server in
            _ = try await transport.send(.to(server))
            let error = await failure { () throws(TransportError) in
                try await transport.send(.to(server, "/hang", timeout: .milliseconds(100)))
            }
            #expect(error == .timedOut(phase: .answering))
            await server.until { $0.openConnections == 0 }
            let answer = try await transport.send(.to(server))
            #expect(answer.status == 200)
            #expect(server.facts.requests.map(\.connection) == [0, 0, 1])
        }
    }

    @Test func `a connection that is never ready is given up on`() async throws {
        // A TLS handshake that nobody answers: the same phase as a lost SYN, but without leaving the machine.
        let server = try LoopbackServer { connection in _ = connection.perform(.hang) }
        try await withServer(server) { transport, server in
            let request = HTTPRequest(
                url: Secret("https://127.0.0.1:\(server.port)/"), timeout: .seconds(30),
                connectTimeout: .milliseconds(100))
            let error = await failure { () throws(TransportError) in try await transport.send(request) }
            #expect(error == .timedOut(phase: .connecting))
            await server.until { $0.connections == 1 && $0.openConnections == 0 }
        }
    }

    @Test func `an answer byte by byte is bounded by the time for the whole`() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + String(repeating: "x", count: 1000)
        try await withServer({ _ in .slowly(answer, pause: .milliseconds(5)) }) { transport, server in
            let error = await failure { () throws(TransportError) in
                try await transport.send(.to(server, timeout: .seconds(2)))
            }
            #expect(error == .timedOut(phase: .answering))
            await server.until { $0.openConnections == 0 }
        }
    }

    @Test func `a body byte by byte is read in the end`() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
        try await withServer({ _ in .slowly(answer, pause: .milliseconds(1)) }) { transport, server in
            let answer = try await transport.send(.to(server))
            #expect(answer.body == Array("abc".utf8))
        }
    }

    @Test func `a request that waits for a free connection is bounded, too`() async throws {
        try await withServer({ _ in .hang }) { transport, server in
            await withThrowingTaskGroup(of: Void.self) { group in
                let url = Secret(server.url)
                for _ in 0..<64 {
                    group.addTask { _ = try await transport.send(HTTPRequest(url: url, timeout: .seconds(50))) }
                }
                await server.until { $0.requests.count == 64 }
                let error = await failure { () throws(TransportError) in
                    try await transport.send(.to(server, timeout: .milliseconds(50)))
                }
                #expect(error == .timedOut(phase: .connecting))
                #expect(server.facts.connections == 64)
                group.cancelAll()
                while let result = await group.nextResult() {
                    #expect(throws: TransportError.cancelled) { try result.get() }
                }
            }
        }
    }
}
