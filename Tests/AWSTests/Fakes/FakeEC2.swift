import Interruption
import Synchronization
import Transport

@testable import AWS

/// A metadata service (and, by `api`, the AWS APIs) in memory, in virtual time, with faults.
final class FakeEC2: HTTPTransport {
    /// What goes wrong with an exchange.
    enum Fault: Sendable {
        case status(Int)
        case answer(HTTPResponse)
        case hang
        case hangConnecting
        case refuse
        case lose
        case slow(Duration)
        case oversized
    }

    /// One exchange as it arrived.
    struct Exchange: Sendable {
        var moment: Moment
        var method: HTTPMethod
        var url: String
        var path: String
        var token: String?
        var request: HTTPRequest

        var body: String { String(decoding: request.body ?? [], as: UTF8.self) }
    }

    private struct State {
        var values: [String: String] = [:]
        var needsTokens = true
        var tokenLife: Duration = .seconds(21600)
        var tokens: [String: Moment] = [:]
        var nextToken = 0
        var exchanges: [Exchange] = []
        var calls: [Exchange] = []
        var underway = 0
        var mostUnderway = 0
        var fault: (@Sendable (Exchange) -> Fault?)?
        var api: (@Sendable (Exchange) -> HTTPResponse)?
        var dateOffset: Duration?
    }

    static let wall = WallTime(rfc3339: "2026-01-01T00:00:00Z") ?? WallTime(sinceEpoch: .zero)

    private let state = Mutex(State())
    private let line: Turnstile
    private let timeline: any Timeline
    /// What the node's clock says.
    let anchor: WallClockAnchor

    init(_ timeline: any Timeline) {
        self.timeline = timeline
        line = Turnstile(timeline: timeline, patience: .milliseconds(30))
        anchor = WallClockAnchor(wall: FakeEC2.wall, moment: Moment(sinceOrigin: .zero))
    }

    /// Puts a value at a path below `/latest/meta-data/`; `nil` makes it 404.
    func put(_ value: String?, at path: String) { state.withLock { $0.values[path] = value } }
    func requireTokens(_ required: Bool) { state.withLock { $0.needsTokens = required } }
    func letTokensLive(_ life: Duration) { state.withLock { $0.tokenLife = life } }
    func forgetTokens() { state.withLock { $0.tokens = [:] } }
    func fail(_ fault: (@Sendable (Exchange) -> Fault?)?) { state.withLock { $0.fault = fault } }
    func answerAPI(_ api: @escaping @Sendable (Exchange) -> HTTPResponse) { state.withLock { $0.api = api } }
    func sendDate(offBy offset: Duration) { state.withLock { $0.dateOffset = offset } }

    var exchanges: [Exchange] { state.withLock { $0.exchanges } }
    var mostUnderway: Int { state.withLock { $0.mostUnderway } }
    func exchanges(to path: String) -> [Exchange] { exchanges.filter { $0.path == path } }
    /// The first exchange of each call.
    func calls(to path: String) -> [Exchange] { state.withLock { $0.calls }.filter { $0.path == path } }
    var tokenRequests: [Exchange] { exchanges.filter { $0.path == "api/token" } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        note(request)
        // As the transport does it: not together with an exchange that is repeated.
        guard request.url.reveal().firstRange(of: "/latest/") != nil else { return try await exchange(request) }
        return try await line.pass { await outcome(of: request) }.get()
    }

    private func exchange(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        if Task.isCancelled { throw .cancelled }
        let exchange = exchange(for: request)
        let fault = state.withLock { state in
            state.exchanges.append(exchange)
            state.underway += 1
            state.mostUnderway = max(state.mostUnderway, state.underway)
            return state.fault?(exchange)
        }
        defer { state.withLock { $0.underway -= 1 } }
        switch fault {
        case .status(let status): return dated(HTTPResponse(status: status, body: Array("<html/>".utf8)))
        case .answer(let response): return dated(response)
        case .hang: try await wait(request.timeout ?? .seconds(3600), thenFail: .timedOut(phase: .answering))
        case .hangConnecting: try await wait(request.connectTimeout, thenFail: .timedOut(phase: .connecting))
        case .refuse: throw .unreachable(detail: "Connection refused")
        case .lose: throw .connectionLost(detail: "Connection reset by peer")
        case .slow(let duration):
            if let timeout = request.timeout, duration > timeout {
                try await wait(timeout, thenFail: .timedOut(phase: .answering))
            }
            try await wait(duration, thenFail: nil)
        case .oversized: throw .bodyTooLarge(limit: request.bodyLimit)
        case nil: break
        }
        return dated(answer(exchange))
    }

    func send(_ request: HTTPRequest, repeating repetition: Repetition) async throws(TransportError) -> HTTPResponse {
        note(request)
        var begun = timeline.now
        while true {
            // As the transport does it: in line with the others.
            let response = try await line.pass { await outcome(of: request) }.get()
            guard repetition.goesOn(after: response.status, response.body) else { return response }
            begun = begun.advanced(by: repetition.interval)
            try await wait(timeline.now.duration(to: begun), thenFail: nil)
            repetition.count()
        }
    }

    private func note(_ request: HTTPRequest) {
        let exchange = exchange(for: request)
        state.withLock { $0.calls.append(exchange) }
    }

    private func outcome(of request: HTTPRequest) async -> Result<HTTPResponse, TransportError> {
        do throws(TransportError) {
            return .success(try await exchange(request))
        } catch {
            return .failure(error)
        }
    }

    func stream(_ request: HTTPRequest, to sink: any BodySink) async throws(TransportError) -> HTTPResponse {
        throw .closed
    }

    func abandonConnections(to origin: String) {}

    private func wait(_ duration: Duration, thenFail error: TransportError?) async throws(TransportError) {
        do {
            try await timeline.sleep(for: duration)
        } catch {
            throw .cancelled
        }
        if let error { throw error }
    }

    private func exchange(for request: HTTPRequest) -> Exchange {
        let url = request.url.reveal()
        var path = url
        if let metadata = url.firstRange(of: "/latest/meta-data/") {
            path = String(url[metadata.upperBound...])
        } else if let latest = url.firstRange(of: "/latest/") {
            path = String(url[latest.upperBound...])
        }
        return Exchange(
            moment: timeline.now, method: request.method, url: url, path: path,
            token: request.headers["X-aws-ec2-metadata-token"], request: request)
    }

    private func answer(_ exchange: Exchange) -> HTTPResponse {
        let now = timeline.now
        if exchange.method == .post || !exchange.url.contains("/latest/") {
            return state.withLock { $0.api }?(exchange) ?? HTTPResponse(status: 503)
        }
        return state.withLock { state in
            if exchange.method == .put {
                guard exchange.request.headers["X-aws-ec2-metadata-token-ttl-seconds"] == "21600" else {
                    return HTTPResponse(status: 400)
                }
                state.nextToken += 1
                state.tokens["token-\(state.nextToken)"] = now.advanced(by: state.tokenLife)
                return HTTPResponse(
                    status: 200,
                    headers: ["x-aws-ec2-metadata-token-ttl-seconds": "\(state.tokenLife.components.seconds)"],
                    body: Array("token-\(state.nextToken)".utf8))
            }
            if let token = exchange.token {
                guard let expiry = state.tokens[token], now < expiry else { return HTTPResponse(status: 401) }
            } else if state.needsTokens {
                return HTTPResponse(status: 401)
            }
            guard let value = state.values[exchange.path] else { return HTTPResponse(status: 404) }
            return HTTPResponse(status: 200, body: Array(value.utf8))
        }
    }

    private func dated(_ response: HTTPResponse) -> HTTPResponse {
        guard let offset = state.withLock({ $0.dateOffset }) else { return response }
        var response = response
        response.headers["Date"] = anchor.wall(at: timeline.now).advanced(by: offset).httpDate
        return response
    }
}

extension String {
    func firstRange(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}

extension WallTime {
    /// As HTTP writes it.
    var httpDate: String {
        let parts = rfc3339.split(separator: "T")
        let date = parts[0].split(separator: "-")
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "Thu, \(date[2]) \(names[(Int(date[1]) ?? 1) - 1]) \(date[0]) \(parts[1].dropLast()) GMT"
    }
}
