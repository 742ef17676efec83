import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct CloseTests {
    @Test func `closing fails what is in flight`() async throws {
        try await withServer({ _ in .hang }) { transport, server in
            let request = HTTPRequest.to(server, timeout: nil)
            let tasks = (0..<10).map { _ in
                Task { await failure { () throws(TransportError) in try await transport.send(request) } }
            }
            await server.until { $0.requests.count == 10 }
            transport.close()
            for task in tasks {
                #expect(await task.value == .closed)
            }
            await server.until { $0.openConnections == 0 }
        }
    }

    @Test func `a closed transport answers, too`() async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            _ = try await transport.send(.to(server))
            transport.close()
            transport.close()
            let error = await failure { () throws(TransportError) in try await transport.send(.to(server)) }
            #expect(error == .closed)
            transport.abandonConnections(to: server.url)
        }
    }

    @Test func `letting go of the transport closes its connections`() async throws {
        let server = try LoopbackServer { _ in .answer() }
        defer { server.stop() }
        do {
            let transport = try CurlTransport()
            _ = try await transport.send(.to(server))
        }
        await server.until { $0.openConnections == 0 }
    }

    @Test func `closing while others ask answers everyone`() async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            let request = HTTPRequest.to(server)
            let tasks = (0..<100).map { number in
                Task {
                    if number == 50 { transport.close() }
                    return await failure { () throws(TransportError) in try await transport.send(request) }
                }
            }
            for task in tasks {
                let outcome = await task.value
                #expect(outcome == nil || outcome == .closed)
            }
        }
    }

    @Test func `a mail transport that was closed before its first message answers, too`() async throws {
        let transport = CurlMailTransport()
        transport.close()
        let message = MailMessage(
            server: Secret("smtp://127.0.0.1:1"), sender: "a@example.org", recipients: ["b@example.org"], content: [])
        await #expect(throws: TransportError.closed) { try await transport.send(message) }
    }
}
