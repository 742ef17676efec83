import Interruption
import Synchronization
import Transport

/// The instance metadata service: one read at a time under the token rules, bounded in time and bytes, never through a proxy.
///
/// Source of every rule: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html
final class MetadataService: Sendable {
    /// How long exchanges may take.
    struct Patience: Sendable, Hashable {
        /// For the token's PUT; with a hop limit of 1 its answer never comes.
        var token = Duration.seconds(1)
        /// For the token's PUT when it was not answered in time before: the service may be slow rather than too far away.
        var patientToken = Duration.seconds(2)
        /// For a read; so short that two reads which hang one after the other, behind a good read just before the notice, still leave it
        /// to be seen within two poll intervals.
        var read = Duration.milliseconds(400)
        /// For a read when several were not answered in time: the service may be slow rather than silent.
        var patientRead = Duration.milliseconds(1800)

        /// For sources that are read every `interval`.
        static func polling(every interval: Duration) -> Patience {
            Patience(
                read: min(max(interval * 2 / 5, .milliseconds(400)), .milliseconds(1500)),
                patientRead: min(max(interval * 9 / 5, .seconds(1)), .seconds(2)))
        }
    }

    /// More than any answer has.
    static let bodyLimit = 256 * 1024

    private enum Pass: Sendable {
        /// With this token.
        case token(Secret)
        /// Without one, as the settings say or as was found out before.
        case v1
        /// Without one, to see whether IMDSv1 serves after the token could not be had for that reason.
        case v1Trial(MetadataError)
    }

    /// How long exchanges may take here.
    let patience: Patience

    private let endpoint: MetadataEndpoint
    private let mode: TokenMode
    private let transport: any HTTPTransport
    private let timeline: any Timeline
    private let clock: WorldClock
    private let remark: @Sendable (AWSRemark) -> Void
    private let session: Mutex<TokenSession>
    private let tokenFlight = SingleFlight<Result<Secret, MetadataError>>()
    private let turnstile: Turnstile
    private let hopLimitWasTold = Mutex(false)
    private let tokenIsLate = Mutex(false)
    /// The rest that the service asked for.
    let rest: ServiceRest

    init(
        endpoint: MetadataEndpoint, mode: TokenMode, patience: Patience, transport: any HTTPTransport,
        timeline: any Timeline, clock: WorldClock, rest: ServiceRest? = nil,
        remark: @escaping @Sendable (AWSRemark) -> Void
    ) {
        self.rest = rest ?? ServiceRest(every: .seconds(1), jitter: Jitter())
        self.endpoint = endpoint
        self.mode = mode
        self.patience = patience
        self.transport = transport
        self.timeline = timeline
        self.clock = clock
        self.remark = remark
        session = Mutex(TokenSession(mode: mode))
        turnstile = Turnstile(timeline: timeline)
    }

    /// Has a path that goes on saying `value` (`nil` for 404) read again every `interval` by the transport itself, for up to a minute and
    /// not beyond the token's renewal; `nil` where that would be once, or where the value is too long to be compared.
    func repetition(of path: MetadataPath, saying value: [UInt8]?, every interval: Duration) -> Repetition? {
        let time = session.withLock { $0.timeLeft(at: timeline.now) }.map { min($0, .seconds(60)) } ?? .seconds(60)
        let limit = Int(time / interval)
        guard limit > 1, value?.count ?? 0 <= ExpectedAnswer.longestBody else { return nil }
        let expected = ExpectedAnswer(status: value == nil ? 404 : 200, body: value)
        let outcome: MetadataOutcome = value == nil ? .absent : .found
        return Repetition(every: interval, whileAnswered: expected, atMost: limit) { [remark] in
            remark(.metadataRead(path: path.label, outcome))
        }
    }

    /// The value at `path`, `nil` when there is none (404, which is normal). `isPatient` allows the service to be slow; `repetition` has the
    /// read made again by the transport while it says the same.
    func read(
        _ path: MetadataPath, isPatient: Bool = true, repeating repetition: Repetition? = nil
    ) async throws(MetadataError) -> [UInt8]? {
        let limit = isPatient ? patience.patientRead : patience.read
        var (pass, isFresh) = try await entrance()
        var response = try await fetch(path, with: pass, within: limit, repeating: repetition)
        // Whatever it says without a token, it says something: so it is only the token that does not arrive.
        if case .v1Trial(.tokenUnanswered) = pass { tellHopLimit() }
        // A token that was given a moment ago can have ended, too; but who refuses those that he gives is not asked for more of them.
        if response.status == 401, !isFresh || !rest.wasAskedFor {
            (pass, isFresh) = try await entranceAfterRefusal(of: pass)
            response = try await fetch(path, with: pass, within: limit)
        }
        if response.status == 401, case .token(let token) = pass {
            // Who refuses the token that he has just given is not asked for another in a hurry.
            session.withLock { $0.tokenRejected(token) }
            rest.refused(at: timeline.now)
        }
        let answer = try MetadataService.value(in: response)
        if case .v1Trial(let reason) = pass { v1Served(because: reason) }
        return answer
    }
}

extension MetadataService {
    /// How to ask, and whether by a token that was given only now.
    private func entrance() async throws(MetadataError) -> (Pass, isFresh: Bool) {
        let step = session.withLock { $0.step(at: timeline.now) }
        switch step {
        case .use(let token): return (.token(token), false)
        case .useV1: return (.v1, false)
        case .obtain(let current):
            // The first who asks fetches; a token that came in between serves too.
            let answer = await tokenFlight.value {
                if let fresh = session.withLock({ $0.token(otherThan: current, at: timeline.now) }) {
                    return .success(fresh)
                }
                return await obtainToken()
            }
            switch answer {
            case .success(let token): return (.token(token), true)
            case .failure(let error):
                if let current { return (.token(current), false) }
                let (mayTry, serves) = session.withLock { ($0.mayTryV1(at: timeline.now), $0.v1Serves) }
                if error.allowsV1, mayTry { return (.v1Trial(error), false) }
                if serves { return (.v1, false) }
                if error == .tokenUnanswered { tellHopLimit() }
                throw error
            case nil: throw .cancelled
            }
        }
    }

    /// How to ask again, once, after a 401.
    private func entranceAfterRefusal(of pass: Pass) async throws(MetadataError) -> (Pass, isFresh: Bool) {
        switch pass {
        case .token(let token):
            session.withLock { $0.tokenRejected(token) }
            return try await entrance()
        case .v1:
            guard mode != .disabled else { throw .tokensRequired }
            session.withLock { $0.v1Rejected(at: timeline.now) }
            return try await entrance()
        case .v1Trial(let reason):
            session.withLock { $0.v1Rejected(at: timeline.now) }
            throw reason
        }
    }

    private func v1Served(because reason: MetadataError) {
        guard let news = session.withLock({ $0.v1Answered(at: timeline.now) }), news == .fellBack else { return }
        let words =
            if case .tokenRefused(let status) = reason { "the token request is refused with status \(status)" } else {
                "\(reason)"
            }
        remark(.fellBackToV1(because: words))
    }

    private func tellHopLimit() {
        let isNews = hopLimitWasTold.withLock { told in
            defer { told = true }
            return !told
        }
        if isNews { remark(.hopLimitSuspected(MetadataError.hopLimitAdvice)) }
    }

    private func obtainToken() async -> Result<Secret, MetadataError>? {
        let limit = tokenIsLate.withLock { $0 } ? max(patience.token, patience.patientToken) : patience.token
        let request = HTTPRequest(
            method: .put, url: Secret("\(endpoint)/latest/api/token"),
            headers: ["X-aws-ec2-metadata-token-ttl-seconds": "\(TokenSession.longestLife)"],
            timeout: limit, connectTimeout: limit, bodyLimit: 4096, connection: .direct)
        let response: HTTPResponse
        switch await exchange(request, label: "api/token") {
        case .success(let answer): response = answer
        case .failure(.cancelled): return nil
        case .failure(.timedOut):
            tokenIsLate.withLock { $0 = true }
            return .failure(.tokenUnanswered)
        case .failure(let error): return .failure(error)
        }
        switch response.status {
        case 200: break
        case 403, 404, 405: return .failure(.tokenRefused(status: response.status))
        case 429, 500...: return .failure(.unavailable(status: response.status))
        default: return .failure(.unexpected("status \(response.status) to the token request"))
        }
        guard let token = MetadataService.word(in: response.body) else {
            return .failure(.unexpected("a token that is none"))
        }
        let secret = Secret(token)
        let life =
            response.headers["X-aws-ec2-metadata-token-ttl-seconds"].flatMap { Int($0) } ?? TokenSession.longestLife
        hopLimitWasTold.withLock { $0 = false }
        if session.withLock({ $0.tokenArrived(secret, life: life, at: timeline.now) }) == .returned {
            remark(.returnedToV2)
        }
        return .success(secret)
    }

    private func fetch(
        _ path: MetadataPath, with pass: Pass, within limit: Duration, repeating repetition: Repetition? = nil
    ) async throws(MetadataError) -> HTTPResponse {
        var repetition = repetition
        var request = HTTPRequest(
            url: Secret("\(endpoint)/latest/meta-data/\(path.rawValue)"), timeout: limit, connectTimeout: limit,
            bodyLimit: MetadataService.bodyLimit, connection: .direct)
        switch pass {
        case .token(let token): request.headers["X-aws-ec2-metadata-token"] = token.reveal()
        case .v1: break
        case .v1Trial:
            request.timeout = max(patience.token, limit)
            repetition = nil
        }
        return try await exchange(request, label: path.label, repeating: repetition).get()
    }

    private func exchange(
        _ request: HTTPRequest, label: String, repeating repetition: Repetition? = nil
    ) async -> Result<HTTPResponse, MetadataError> {
        let outcome: Result<HTTPResponse, TransportError>
        if let repetition, !turnstile.isBusy {
            // Not through the turnstile: the others need not stand before it while this one rests.
            outcome = await answer(to: request, repeating: repetition)
        } else {
            outcome = await turnstile.pass { await answer(to: request) }
        }
        if let outcome = MetadataOutcome(outcome) {
            remark(.metadataRead(path: label, outcome))
            switch outcome {
            case .throttled: rest.refused(at: timeline.now)
            // A token may be given by who refuses everything else.
            case .found where request.method == .get, .absent: rest.answered()
            default: break
            }
        }
        return outcome.mapError { MetadataError($0) }
    }

    private func answer(
        to request: HTTPRequest, repeating repetition: Repetition? = nil
    ) async -> Result<HTTPResponse, TransportError> {
        let sent = timeline.now
        do throws(TransportError) {
            guard let repetition else {
                let response = try await transport.send(request)
                clock.observe(date: response.headers["Date"], sent: sent, received: timeline.now)
                return .success(response)
            }
            // When the last of them was sent is not told, and it took a fraction of a second at most.
            let response = try await transport.send(request, repeating: repetition)
            let now = timeline.now
            clock.observe(date: response.headers["Date"], sent: now, received: now)
            return .success(response)
        } catch {
            return .failure(error)
        }
    }

    private static func value(in response: HTTPResponse) throws(MetadataError) -> [UInt8]? {
        switch response.status {
        case 200: return response.body
        case 404: return nil
        case 401: throw .unauthorized
        case 403: throw .forbidden
        case 429, 500...: throw .unavailable(status: response.status)
        default: throw .unexpected("status \(response.status)")
        }
    }

    /// One word of visible ASCII, as tokens, ids and names are; `nil` for anything else, such as a page of HTML.
    static func word(in body: [UInt8], limit: Int = 2048) -> String? {
        let text = String(decoding: body, as: UTF8.self).trimmed
        guard !text.isEmpty, text.utf8.count <= limit, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !text.hasPrefix("<")
        else { return nil }
        return text
    }
}

extension MetadataError {
    /// Whether IMDSv1 may be tried when a token's PUT ended so.
    fileprivate var allowsV1: Bool {
        switch self {
        case .tokenUnanswered, .tokenRefused: true
        default: false
        }
    }
}
