import Synchronization

/// What may change about a drain while it runs.
final class DrainControl: Sendable {
    private let state: Mutex<(deadline: Deadline, reason: DrainOrder.StopReason?)>

    init(deadline: Deadline) {
        state = Mutex((deadline, nil))
    }

    var deadline: Deadline { state.withLock { $0.deadline } }
    var reason: DrainOrder.StopReason? { state.withLock { $0.reason } }

    func setDeadline(_ deadline: Deadline) { state.withLock { $0.deadline = deadline } }
    func end(_ reason: DrainOrder.StopReason) { state.withLock { $0.reason = reason } }
}
