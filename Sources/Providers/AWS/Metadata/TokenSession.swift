import Interruption
import Transport

/// Which of the two protocols the next read uses: the pure half of `MetadataService`. Inputs say what happened.
struct TokenSession: Sendable {
    /// What a read needs to go out.
    enum Step: Sendable, Hashable {
        /// With this token.
        case use(Secret)
        /// Without one: IMDSv1, as the settings say or as was found out.
        case useV1
        /// A token must be asked for first; `current` still serves if that fails.
        case obtain(current: Secret?)
    }

    /// What is worth telling after an input.
    enum News: Sendable, Hashable {
        /// IMDSv1 answered after IMDSv2 did not.
        case fellBack
        /// IMDSv2 answered after IMDSv1 was used.
        case returned
    }

    /// Asked for, and the longest that the service gives.
    static let longestLife = 21600
    /// How often a renewal that failed is tried again while the old token still serves.
    static let renewalPause = Duration.seconds(30)
    /// How soon IMDSv2 is tried again after falling back; doubles up to `longestV1Pause`.
    static let firstV1Pause = Duration.seconds(30)
    /// The longest time in which IMDSv2 is not tried.
    static let longestV1Pause = Duration.seconds(300)

    /// What is known of IMDSv1 on this machine.
    private enum V1: Hashable {
        /// Nothing yet, or v2 answers.
        case untried
        /// It serves; v2 is tried again at `nextTry`.
        case serves(nextTry: Moment, pause: Duration)
        /// It is refused until then, as far as we know.
        case refused(until: Moment)
    }

    private struct Token {
        var value: Secret
        var expiry: Moment
        var renewal: Moment
    }

    private let mode: TokenMode
    private var token: Token?
    private var v1 = V1.untried
    /// Whether it was told that IMDSv1 is used, and not yet that v2 is again.
    private var hasFallenBack = false

    init(mode: TokenMode) {
        self.mode = mode
    }

    /// What a read at `now` needs. Answers `obtain` to one reader only while there is something else to go on with.
    mutating func step(at now: Moment) -> Step {
        if mode == .disabled { return .useV1 }
        if let token, now < token.expiry {
            guard now >= token.renewal else { return .use(token.value) }
            self.token?.renewal = now.advanced(by: TokenSession.renewalPause)
            return .obtain(current: token.value)
        }
        if case .serves(let nextTry, let pause) = v1 {
            guard now >= nextTry else { return .useV1 }
            v1 = .serves(nextTry: now.advanced(by: pause), pause: min(pause * 2, TokenSession.longestV1Pause))
        }
        return .obtain(current: nil)
    }

    /// A token that serves at `now` and is not `other`.
    func token(otherThan other: Secret?, at now: Moment) -> Secret? {
        guard let token, now < token.expiry, token.value != other else { return nil }
        return token.value
    }

    /// How long the next step will be the same as now; `nil` where no time ends it.
    func timeLeft(at now: Moment) -> Duration? {
        if mode == .disabled { return nil }
        if let token, now < token.expiry { return max(.zero, now.duration(to: token.renewal)) }
        if case .serves(let nextTry, _) = v1 { return max(.zero, now.duration(to: nextTry)) }
        return .zero
    }

    /// Whether a failed PUT allows to try IMDSv1 at `now`.
    func mayTryV1(at now: Moment) -> Bool {
        guard mode == .optional else { return false }
        if case .refused(let until) = v1 { return now >= until }
        return true
    }

    /// Whether IMDSv1 is what reads use now, because v2 could not be had.
    var v1Serves: Bool {
        if case .serves = v1 { true } else { false }
    }

    /// The PUT gave a token that lives `life` seconds.
    mutating func tokenArrived(_ value: Secret, life: Int, at now: Moment) -> News? {
        let life = Duration.seconds(min(max(life, 1), TokenSession.longestLife))
        token = Token(
            value: value, expiry: now.advanced(by: life),
            renewal: now.advanced(by: life - min(.seconds(300), life / 10)))
        v1 = .untried
        defer { hasFallenBack = false }
        return hasFallenBack ? .returned : nil
    }

    /// The service answered 401 to `value`.
    mutating func tokenRejected(_ value: Secret) {
        if token?.value == value { token = nil }
    }

    /// A read without a token was answered properly, although a token was to be had first.
    mutating func v1Answered(at now: Moment) -> News? {
        guard mode == .optional else { return nil }
        if case .serves = v1 { return nil }
        v1 = .serves(nextTry: now.advanced(by: TokenSession.firstV1Pause), pause: TokenSession.firstV1Pause * 2)
        hasFallenBack = true
        return .fellBack
    }

    /// A read without a token was answered 401.
    mutating func v1Rejected(at now: Moment) {
        v1 = .refused(until: now.advanced(by: TokenSession.longestV1Pause))
    }
}
