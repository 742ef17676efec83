import Synchronization
public import Transport

/// An `HTTPTransport` in memory: a script answers, every request is recorded.
public final class ScriptedTransport: HTTPTransport {
    /// What the script says to one request.
    public typealias Answer = Result<HTTPResponse, TransportError>

    private struct Record {
        var requests: [HTTPRequest] = []
        var abandonedOrigins: [String] = []
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let script: @Sendable (HTTPRequest) async -> Answer
    private let record = Mutex(Record())

    /// Answers each request by the closure, which may suspend (a hanging server is a script that waits for its own
    /// cancellation).
    public init(_ script: @escaping @Sendable (HTTPRequest) async -> Answer) {
        self.script = script
    }

    /// Answers with these in order, and with `connectionLost` when they are used up.
    public convenience init(answers: [Answer]) {
        let queue = AnswerQueue(answers)
        self.init { _ in queue.next() ?? .failure(.connectionLost(detail: "the script has ended")) }
    }

    /// Every request so far, in the order of arrival.
    public var requests: [HTTPRequest] { record.withLock { $0.requests } }

    /// Every origin that was abandoned, in order.
    public var abandonedOrigins: [String] { record.withLock { $0.abandonedOrigins } }

    /// Returns as soon as that many requests have arrived.
    public func requests(atLeast count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = record.withLock { record in
                if record.requests.count >= count { return true }
                record.waiters.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// Records the request and gives the script's answer; `cancelled` if the task is.
    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        note(request)
        if Task.isCancelled { throw .cancelled }
        let answer = await script(request)
        if Task.isCancelled { throw .cancelled }
        return try answer.get()
    }

    /// As `send`; the body of a 2xx answer goes to the sink, head first, the body in one piece.
    public func stream(_ request: HTTPRequest, to sink: any BodySink) async throws(TransportError) -> HTTPResponse {
        var response = try await send(request)
        guard response.isSuccess else { return response }
        let body = response.body
        response.body = []
        guard sink.begin(response), body.isEmpty || sink.receive(body) else { throw .refusedBySink }
        return response
    }

    /// Records the origin.
    public func abandonConnections(to origin: String) {
        record.withLock { $0.abandonedOrigins.append(origin) }
    }

    private func note(_ request: HTTPRequest) {
        let ready = record.withLock { record in
            record.requests.append(request)
            let ready = record.waiters.filter { $0.count <= record.requests.count }
            record.waiters.removeAll { $0.count <= record.requests.count }
            return ready
        }
        for waiter in ready {
            waiter.continuation.resume()
        }
    }

    private final class AnswerQueue: Sendable {
        private let answers: Mutex<ArraySlice<Answer>>

        init(_ answers: [Answer]) {
            self.answers = Mutex(answers[...])
        }

        func next() -> Answer? {
            answers.withLock { $0.popFirst() }
        }
    }
}

extension HTTPResponse {
    /// An answer with a text body, for scripts.
    public static func text(_ body: String, status: Int = 200, headers: HTTPHeaders = [:]) -> HTTPResponse {
        HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
    }
}
