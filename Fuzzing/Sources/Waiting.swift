import Dispatch
import Interruption
import Synchronization

/// What an asynchronous `body` answers; libFuzzer knows no other way to wait than to block.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value? {
    let answer = Answer<Value>()
    Task.detached {
        let value = await body()
        answer.value.withLock { $0 = value }
        answer.isThere.signal()
    }
    answer.isThere.wait()
    return answer.value.withLock { $0 }
}

private final class Answer<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
    let isThere = DispatchSemaphore(value: 0)
}

/// A clock on which nobody waits: a sleep moves it on at once.
final class HastyTimeline: Timeline {
    private let moment = Mutex(Moment(sinceOrigin: .zero))

    var now: Moment { moment.withLock { $0 } }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Moment, tolerance: Duration?) async throws {
        moment.withLock { $0 = max($0, deadline) }
    }
}

/// The wall clock of every target.
let anchor = WallClockAnchor(
    wall: WallTime(sinceEpoch: .seconds(1_795_000_000)), moment: Moment(sinceOrigin: .zero))
