import Synchronization

/// A number of seats: who comes when all are taken waits. Stories have short notices, and a machine that plays all of
/// them at once would be late for every one.
final class Seats: Sendable {
    /// How many stories are played at once.
    static let stories = Seats(3)

    private let state: Mutex<(free: Int, waiting: [CheckedContinuation<Void, Never>])>

    /// That many seats, all free.
    init(_ count: Int) {
        state = Mutex((count, []))
    }

    /// Returns when there was a free seat, which is taken now.
    func take() async {
        await withCheckedContinuation { continuation in
            let hasSeat = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if hasSeat { continuation.resume() }
        }
    }

    /// Gives a seat to whoever has waited longest.
    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
