import Interruption
import Synchronization

/// Chance, from one generator that all of the provider's loops share; seeded in tests.
public final class Jitter: Sendable {
    private let generator: Mutex<any RandomNumberGenerator & Sendable>

    /// Chance from `generator`.
    public init(_ generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()) {
        self.generator = Mutex(generator)
    }

    /// A duration between zero and `limit`, each as likely ("full jitter").
    func upTo(_ limit: Duration) -> Duration {
        let fraction = generator.withLock { generator in
            let bits = generator.next() >> 11
            return Double(bits) / Double(1 << 53)
        }
        return limit * fraction
    }
}

/// How long to wait after failures: full jitter over a window that doubles with each failure up to a limit.
struct Backoff: Sendable, Equatable {
    /// The window after the first failure.
    let first: Duration
    /// The widest window.
    let limit: Duration

    /// For a path that is read every `interval`: a blip is tried again at once, so that a notice behind it is still seen within two
    /// intervals; after an outage it is read within two intervals too, or a few seconds when the interval is long.
    static func polling(every interval: Duration) -> Backoff {
        Backoff(first: interval / 16, limit: min(interval * 2, max(interval, .seconds(5))))
    }

    /// The wait after `failures` failures in a row.
    func pause(after failures: Int, by jitter: Jitter) -> Duration {
        jitter.upTo(window(after: failures))
    }

    /// The longest wait after `failures` failures in a row.
    func window(after failures: Int) -> Duration {
        min(limit, first * (1 << min(max(failures - 1, 0), 20)))
    }
}
