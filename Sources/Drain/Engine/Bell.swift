import Interruption
import Synchronization

/// Wakes one waiter. Rung while nobody waits, it rings for the next who comes; rung twice, it rings once.
final class Bell: Sendable {
    private struct State {
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Wakes the waiter.
    func ring() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            if state.waiter == nil { state.isRung = true }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns when the bell is rung or the task is cancelled. One waiter at a time.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // The handler of a cancellation takes the lock after the flag is set: either we see the flag, or it
                // sees the waiter.
                let isOver = state.withLock { state in
                    if state.isRung || Task.isCancelled {
                        state.isRung = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume()
        }
    }

    /// Returns when the bell is rung, `moment` has come, or the task is cancelled.
    func wait(until moment: Moment, on timeline: any Timeline) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            // A cancelled sleep means that the bell was first.
            group.addTask { try? await timeline.sleep(until: moment, tolerance: nil) }
            await group.next()
            group.cancelAll()
        }
    }
}
