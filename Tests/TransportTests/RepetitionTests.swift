import Synchronization
import TestSupport
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1))) struct RepetitionTests {
    private let absent = Reply.answer(status: 404, close: true)

    @Test func `an exchange is made again until the answer is another one`() async throws {
        let count = Atomic<Int>(0)
        try await withServer({ _ in
            count.add(1, ordering: .relaxed).newValue < 4 ? absent : .answer(body: "news")
        }) { transport, server in
            let repetition = Repetition(every: .milliseconds(5), whileAnswered: .absent, atMost: 100)
            let answer = try await transport.send(.to(server), repeating: repetition)
            #expect(answer.status == 200)
            #expect(answer.body == Array("news".utf8))
            #expect(repetition.repeats == 3)
            #expect(server.facts.requests.count == 4)
        }
    }

    @Test(arguments: [
        Reply.answer(body: "outside", close: true), .answer(body: "InServic", close: true),
        .answer(body: "InService\n", close: true), .answer(body: "inService", close: true), .answer(close: true),
        .answer(status: 404, body: "InService", close: true), .answer(status: 203, body: "InService", close: true),
    ])
    func `an expected body is expected to the byte, and with its status`(news: Reply) async throws {
        guard case .answer(let status, _, let body, _) = news else { return }
        let count = Atomic<Int>(0)
        try await withServer({ _ in
            count.add(1, ordering: .relaxed).newValue < 4 ? .answer(body: "InService", close: true) : news
        }) { transport, server in
            let expected = ExpectedAnswer(status: 200, body: Array("InService".utf8))
            let repetition = Repetition(every: .milliseconds(5), whileAnswered: expected, atMost: 100)
            let answer = try await transport.send(.to(server), repeating: repetition)
            #expect(answer.status == status)
            #expect(answer.body == Array(body.utf8))
            #expect(repetition.repeats == 3)
            #expect(server.facts.requests.count == 4)
        }
    }

    @Test func `an answer that breaks off is not the expected one`() async throws {
        let count = Atomic<Int>(0)
        try await withServer({ _ in
            count.add(1, ordering: .relaxed).newValue < 3
                ? .answer(body: "[]") : .rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[]")
        }) { transport, server in
            let expected = ExpectedAnswer(status: 200, body: Array("[]".utf8))
            let repetition = Repetition(every: .milliseconds(5), whileAnswered: expected, atMost: 100)
            let request = HTTPRequest.to(server)
            let error = await failure { () throws(TransportError) in
                try await transport.send(request, repeating: repetition)
            }
            guard case .connectionLost = error else {
                Issue.record("\(error.map { "\($0)" } ?? "an answer")")
                return
            }
            #expect(repetition.repeats == 2)
        }
    }

    @Test(arguments: [(ExpectedAnswer.longestBody, 3), (ExpectedAnswer.longestBody + 1, 1)])
    func `a body is compared up to a bound`(length: Int, exchanges: Int) async throws {
        let body = String(repeating: "x", count: length)
        try await withServer({ _ in .answer(body: body, close: true) }) { transport, server in
            let expected = ExpectedAnswer(status: 200, body: Array(body.utf8))
            let repetition = Repetition(every: .milliseconds(1), whileAnswered: expected, atMost: 3)
            let answer = try await transport.send(.to(server), repeating: repetition)
            #expect(answer.body == Array(body.utf8))
            #expect(server.facts.requests.count == exchanges)
        }
    }

    @Test func `of the answers before it nothing is in the last one`() async throws {
        let count = Atomic<Int>(0)
        try await withServer({ _ in
            let number = count.add(1, ordering: .relaxed).newValue
            return .answer(
                status: number < 4 ? 404 : 200, headers: [("X-\(number)", "\(number)"), ("Date", "\(number)")],
                body: String(repeating: "\(number)", count: 10 - number), close: true)
        }) { transport, server in
            let repetition = Repetition(every: .milliseconds(5), whileAnswered: .absent, atMost: 100)
            let answer = try await transport.send(.to(server), repeating: repetition)
            #expect(answer.body == Array("444444".utf8))
            #expect(answer.headers["Date"] == "4")
            #expect((1...4).map { answer.headers["X-\($0)"] } == [nil, nil, nil, "4"])
        }
    }

    @Test(arguments: [1, 2, 5])
    func `the last answer is returned, whatever it says`(limit: Int) async throws {
        try await withServer({ _ in absent }) { transport, server in
            let repetition = Repetition(every: .milliseconds(1), whileAnswered: .absent, atMost: limit)
            let answer = try await transport.send(.to(server), repeating: repetition)
            #expect(answer.status == 404)
            #expect(repetition.repeats == limit - 1)
            #expect(server.facts.requests.count == limit)
        }
    }

    @Test func `exchanges begin at their times, not earlier`() async throws {
        try await withServer({ _ in absent }) { transport, server in
            let start = ContinuousClock.now
            let repetition = Repetition(every: .milliseconds(10), whileAnswered: .absent, atMost: 4)
            _ = try await transport.send(.to(server), repeating: repetition)
            #expect(start.duration(to: .now) >= .milliseconds(30))
        }
    }

    @Test func `each exchange has its own time, and a hang in a later one ends it`() async throws {
        let count = Atomic<Int>(0)
        try await withServer({ _ in count.add(1, ordering: .relaxed).newValue < 3 ? absent : .hang }) {
            transport, server in
            let repetition = Repetition(every: .milliseconds(300), whileAnswered: .absent, atMost: 100)
            let request = HTTPRequest.to(server, timeout: .seconds(2))
            let error = await failure { () throws(TransportError) in
                try await transport.send(request, repeating: repetition)
            }
            #expect(error == .timedOut(phase: .answering))
            #expect(repetition.repeats == 2)
        }
    }

    @Test func `cancelling while it rests ends it at once`() async throws {
        try await withServer({ _ in absent }) { transport, server in
            let repetition = Repetition(every: .seconds(3600), whileAnswered: .absent, atMost: 100)
            let request = HTTPRequest.to(server)
            let task = Task {
                await failure { () throws(TransportError) in
                    try await transport.send(request, repeating: repetition)
                }
            }
            await server.until { $0.requests.count == 1 }
            task.cancel()
            #expect(await task.value == .cancelled)
            #expect(server.facts.requests.count == 1)
        }
    }

    @Test func `closing while it rests ends it, too`() async throws {
        try await withServer({ _ in absent }) { transport, server in
            let repetition = Repetition(every: .seconds(3600), whileAnswered: .absent, atMost: 100)
            let request = HTTPRequest.to(server)
            let task = Task {
                await failure { () throws(TransportError) in
                    try await transport.send(request, repeating: repetition)
                }
            }
            await server.until { $0.requests.count == 1 && $0.openConnections == 0 }
            transport.close()
            #expect(await task.value == .closed)
        }
    }

    @Test func `one that rests does not keep the transport from resting`() async throws {
        try await withServer({ $0.target == "/kept" ? .answer() : absent }) { transport, server in
            let repetition = Repetition(every: .seconds(3600), whileAnswered: .absent, atMost: 100)
            let request = HTTPRequest.to(server, "/absent")
            let task = Task {
                await failure { () throws(TransportError) in
                    try await transport.send(request, repeating: repetition)
                }
            }
            await server.until { $0.requests.count == 1 }
            _ = try await transport.send(.to(server, "/kept"))
            await server.until { $0.openConnections == 1 }
            transport.rest()
            await server.until { $0.openConnections == 0 }
            task.cancel()
            #expect(await task.value == .cancelled)
        }
    }

    @Test func `repeated exchanges with one server go one after the other, over one connection`() async throws {
        try await withServer({ _ in .answer(status: 404) }) { transport, server in
            let paths = ["/a", "/b", "/c"]
            let requests = paths.map { HTTPRequest.to(server, $0) }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for request in requests {
                    group.addTask {
                        let repetition = Repetition(every: .milliseconds(20), whileAnswered: .absent, atMost: 5)
                        return try await transport.send(request, repeating: repetition).status
                    }
                }
                for try await status in group { #expect(status == 404) }
            }
            #expect(server.facts.connections == 1)
            #expect(server.facts.requests.count == 15)
        }
    }

    @Test func `a stream that had to wait for a repeated exchange still goes to its sink`() async throws {
        try await withServer({ $0.target == "/hang" ? .hang : .answer(body: "piece") }) { transport, server in
            let repetition = Repetition(every: .seconds(3600), whileAnswered: .absent, atMost: 100)
            let hanging = HTTPRequest.to(server, "/hang")
            let task = Task {
                await failure { () throws(TransportError) in
                    try await transport.send(hanging, repeating: repetition)
                }
            }
            await server.until { $0.requests.count == 1 }
            let sink = RecordingSink()
            let answer = try await transport.stream(.to(server), to: sink)
            #expect(answer.body.isEmpty)
            #expect(sink.bytes == Array("piece".utf8))
            task.cancel()
            #expect(await task.value == .cancelled)
        }
    }
}

extension ExpectedAnswer {
    fileprivate static let absent = ExpectedAnswer(status: 404)
}
