import Interruption
import Synchronization

/// The rest that a service which asks for patience is given by everybody who reads it: all paths together ask less than usual, one at a time,
/// until it answers again.
///
/// Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html#instancedata-throttling
final class ServiceRest: Sendable {
    /// How long whoever looks whether the service answers again keeps the others waiting.
    static let lookTime = Duration.milliseconds(100)

    private struct State {
        var until: Moment?
        var refusals = 0
    }

    private let state = Mutex(State())
    /// The longest rest: so short that a notice behind it is seen within two intervals.
    private let longest: Duration
    private let jitter: Jitter

    /// For a service whose first path is read every `interval`.
    init(every interval: Duration, jitter: Jitter) {
        longest = max(.milliseconds(1800), interval)
        self.jitter = jitter
    }

    /// Whether the service asked for patience and has not answered since.
    var wasAskedFor: Bool { state.withLock { $0.refusals > 0 } }

    /// When to ask if not at `now`; `nil` for now. While the service rests, one who may ask keeps the others waiting.
    func delay(at now: Moment) -> Moment? {
        state.withLock { state in
            guard let end = state.until else { return nil }
            guard end <= now else { return end }
            state.until = now.advanced(by: ServiceRest.lookTime)
            return nil
        }
    }

    /// The service asked for patience. Once, it is left alone until the next read is due anyway; again, for longer.
    func refused(at now: Moment) {
        let more = jitter.upTo(longest / 2)
        state.withLock { state in
            // Several who had asked at once are answered by one rest.
            if let known = state.until, now.duration(to: known) > ServiceRest.lookTime { return }
            state.until = now.advanced(by: longest / 2 + (state.refusals == 0 ? .zero : more))
            state.refusals += 1
        }
    }

    /// The service answered.
    func answered() {
        state.withLock { $0 = State() }
    }
}
