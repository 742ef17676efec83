import Synchronization

/// An amount from which several takers take until nothing is left.
final class Countdown: Sendable {
    private let left: Mutex<Int>

    init(_ amount: Int) {
        left = Mutex(amount)
    }

    /// Takes up to that much; 0 when nothing is left.
    func take(atMost amount: Int) -> Int {
        left.withLock { left in
            let taken = min(amount, left)
            left -= taken
            return taken
        }
    }
}
