import Interruption
import Synchronization

/// A timeline on which every sleep is over at once, after its length was noted and `step` was taken.
final class StepTimeline: Timeline {
    private let passed = Mutex(Duration.zero)
    private let noted = Mutex<[Duration]>([])
    private let step: @Sendable (Int) -> Void

    init(step: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.step = step
    }

    var now: Moment { Moment(sinceOrigin: passed.withLock { $0 }) }
    var minimumResolution: Duration { .nanoseconds(1) }
    var pauses: [Duration] { noted.withLock { $0 } }

    func advance(by duration: Duration) {
        passed.withLock { $0 += duration }
    }

    func sleep(until deadline: Moment, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        let pause = now.duration(to: deadline)
        advance(by: pause)
        let count = noted.withLock {
            $0.append(pause)
            return $0.count
        }
        step(count)
    }
}
