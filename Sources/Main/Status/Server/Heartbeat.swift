public import Interruption
import Synchronization

/// Remembers when a loop turned last, or a service answered last.
public final class Heartbeat: Sendable {
    private let timeline: any Timeline
    private let last: Mutex<Moment>
    private let wasHeard = Atomic<Bool>(false)

    /// A heartbeat that counts from now.
    public init(timeline: any Timeline) {
        self.timeline = timeline
        last = Mutex(timeline.now)
    }

    /// It happened again.
    public func beat() {
        let now = timeline.now
        last.withLock { $0 = max($0, now) }
        wasHeard.store(true, ordering: .relaxed)
    }

    /// Whether it happened at all since the start.
    public var hasBeaten: Bool { wasHeard.load(ordering: .relaxed) }

    /// How long ago it happened last, or since the start.
    public var age: Duration {
        last.withLock { $0 }.duration(to: timeline.now)
    }
}
