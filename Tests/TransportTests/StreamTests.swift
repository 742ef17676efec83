import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct StreamTests {
    @Test func `a stream far beyond the limit goes through piece by piece`() async throws {
        let body = String(repeating: "0123456789abcdef", count: 1 << 17)
        try await withServer({ _ in .answer(body: body) }) { transport, server in
            var request = HTTPRequest.to(server)
            request.bodyLimit = 1000
            let sink = RecordingSink()
            let answer = try await transport.stream(request, to: sink)
            #expect(answer.status == 200)
            #expect(answer.body.isEmpty)
            #expect(sink.heads.count == 1)
            #expect(sink.bytes == Array(body.utf8))
            #expect(sink.pieces.allSatisfy { $0.count <= 16 << 10 })
        }
    }

    @Test func `a failure is collected, not streamed`() async throws {
        try await withServer({ _ in .answer(status: 410, body: "too old") }) { transport, server in
            let sink = RecordingSink()
            let answer = try await transport.stream(.to(server), to: sink)
            #expect(answer.status == 410)
            #expect(answer.body == Array("too old".utf8))
            #expect(sink.heads.isEmpty)
        }
    }

    @Test func `a sink that wants no more ends the exchange`() async throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        try await withServer({ _ in .endless(head, piece: "5\r\nevent\r\n") }) { transport, server in
            let sink = RecordingSink(acceptingPieces: 3)
            let error = await failure { () throws(TransportError) in try await transport.stream(.to(server), to: sink) }
            #expect(error == .refusedBySink)
            await server.until { $0.openConnections == 0 }
        }
    }

    @Test func `a stream that breaks off says so`() async throws {
        let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nevent\r\n"
        try await withServer({ _ in .rawThenClose(answer) }) { transport, server in
            let sink = RecordingSink()
            let error = await failure { () throws(TransportError) in try await transport.stream(.to(server), to: sink) }
            guard case .connectionLost = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(sink.bytes == Array("event".utf8))
        }
    }

    @Test func `other requests go on while a stream is open`() async throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nevent\r\n"
        try await withServer({ $0.target == "/watch" ? .raw(head) : .answer() }) { transport, server in
            let sink = RecordingSink()
            let watch = HTTPRequest.to(server, "/watch", timeout: nil)
            let task = Task {
                await failure { () throws(TransportError) in try await transport.stream(watch, to: sink) }
            }
            await sink.firstPiece()
            for _ in 0..<3 {
                let answer = try await transport.send(.to(server))
                #expect(answer.status == 200)
            }
            task.cancel()
            #expect(await task.value == .cancelled)
        }
    }
}
