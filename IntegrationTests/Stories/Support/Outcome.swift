import Synchronization

/// A value that a story hands out.
final class Outcome<Value: Sendable>: Sendable {
    private let state = Mutex<Value?>(nil)

    /// Keeps the value.
    func set(_ value: Value) { state.withLock { $0 = value } }

    /// What was kept.
    var value: Value? { state.withLock { $0 } }
}
