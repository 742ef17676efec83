import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct ScriptedTransportTests {
    private let request = HTTPRequest(url: Secret("http://a.example/"))

    @Test func `answers come in order, then the script has ended`() async throws {
        let transport = ScriptedTransport(answers: [.success(.text("one")), .failure(.timedOut(phase: .connecting))])
        let answer = try await transport.send(request)
        #expect(answer.body == Array("one".utf8))
        for expected in [TransportError.timedOut(phase: .connecting), .connectionLost(detail: "the script has ended")] {
            let error = await failure { () throws(TransportError) in try await transport.send(request) }
            #expect(error == expected)
        }
        #expect(transport.requests.count == 3)
    }

    @Test func `a stream goes to the sink`() async throws {
        let transport = ScriptedTransport { _ in .success(.text("body")) }
        let sink = RecordingSink()
        let answer = try await transport.stream(request, to: sink)
        #expect(answer.body.isEmpty)
        #expect(sink.heads.map(\.status) == [200])
        #expect(sink.bytes == Array("body".utf8))
    }

    @Test func `requests and abandoned origins can be waited for and read`() async throws {
        let transport = ScriptedTransport { _ in .success(.text("")) }
        let request = request
        let task = Task { try await transport.send(request) }
        await transport.requests(atLeast: 1)
        _ = try await task.value
        transport.abandonConnections(to: "https://a.example")
        #expect(transport.abandonedOrigins == ["https://a.example"])
    }

    @Test func `a cancelled task is answered as cancelled`() async {
        let transport = ScriptedTransport { _ in .success(.text("")) }
        let request = request
        let task = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await failure { () throws(TransportError) in try await transport.send(request) }
        }
        #expect(await task.value == .cancelled)
    }
}
