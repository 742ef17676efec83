import Synchronization

/// Lets nobody through before so many have come.
final class Gate: Sendable {
    private struct State {
        var missing: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(State(missing: count))
    }

    /// Comes to the gate, and waits until it is open.
    func pass() async {
        await wait(coming: 1)
    }

    /// Waits until the gate is open, without counting.
    func opened() async {
        await wait(coming: 0)
    }

    private func wait(coming: Int) async {
        await withCheckedContinuation { continuation in
            let released = state.withLock { state in
                state.missing -= coming
                state.waiting.append(continuation)
                guard state.missing <= 0 else { return [CheckedContinuation<Void, Never>]() }
                defer { state.waiting = [] }
                return state.waiting
            }
            for waiter in released { waiter.resume() }
        }
    }
}
