import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct CancellationTests {
    @Test func `cancelling ends the exchange and its connection`() async throws {
        try await withServer({ _ in .hang }) { transport, server in
            let request = HTTPRequest.to(server, timeout: nil)
            let task = Task { await failure { () throws(TransportError) in try await transport.send(request) } }
            await server.until { $0.requests.count == 1 }
            task.cancel()
            #expect(await task.value == .cancelled)
            await server.until { $0.openConnections == 0 }
        }
    }

    @Test func `a task that was cancelled before sends nothing`() async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            let request = HTTPRequest.to(server)
            let task = Task {
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                return await failure { () throws(TransportError) in try await transport.send(request) }
            }
            #expect(await task.value == .cancelled)
            #expect(server.facts.connections == 0)
        }
    }

    @Test func `cancelling at any moment answers every call exactly once`() async throws {
        try await withServer({ $0.target == "/hang" ? .hang : .answer() }) { transport, server in
            let url = server.url
            let outcomes = await withTaskGroup(of: TransportError?.self) { group in
                for number in 0..<200 {
                    let request = HTTPRequest(
                        url: Secret("\(url)/\(number % 2 == 0 ? "hang" : "")"), timeout: .seconds(30))
                    let task = Task { await failure { () throws(TransportError) in try await transport.send(request) } }
                    group.addTask {
                        for _ in 0..<number { await Task.yield() }
                        task.cancel()
                        return await task.value
                    }
                }
                var outcomes: [TransportError?] = []
                for await outcome in group { outcomes.append(outcome) }
                return outcomes
            }
            #expect(outcomes.count == 200)
            #expect(outcomes.allSatisfy { $0 == nil || $0 == .cancelled })
            let answer = try await transport.send(.to(server))
            #expect(answer.status == 200)
        }
    }

    @Test func `cancelling a stream in the middle ends it`() async throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        try await withServer({ _ in .endless(head, piece: "5\r\nevent\r\n") }) { transport, server in
            let sink = RecordingSink()
            let request = HTTPRequest.to(server, timeout: nil)
            let task = Task {
                await failure { () throws(TransportError) in try await transport.stream(request, to: sink) }
            }
            await sink.firstPiece()
            task.cancel()
            #expect(await task.value == .cancelled)
            await server.until { $0.openConnections == 0 }
        }
    }
}
