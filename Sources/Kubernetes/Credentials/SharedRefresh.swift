import Synchronization
import Transport

/// One refresh at a time, for everybody who waits for it.
///
/// The first caller does the work. When it is cancelled before the work is done, the next waiter takes the work over;
/// nobody fails because somebody else gave up. A failure is the answer to those who waited, and is not remembered.
final class SharedRefresh<Value: Sendable>: Sendable {
    /// A value, or why there is none.
    typealias Outcome = Result<Value, KubernetesError>

    /// What a caller learns about its part.
    private enum Turn: Sendable {
        /// Do the work.
        case lead
        /// Somebody else did it.
        case share(Outcome)
        /// The caller was cancelled while it waited.
        case cancelled
    }

    private struct State {
        var isRunning = false
        var waiters: [Int: CheckedContinuation<Turn, Never>] = [:]
        /// Callers that were cancelled before they could be put among the waiters.
        var cancelledEarly: Set<Int> = []
        var lastID = 0
    }

    private let state = Mutex(State())

    /// How many wait for somebody else's work.
    var waiting: Int { state.withLock { $0.waiters.count } }

    /// The outcome of `work`, done by this caller or by another one that is at it already.
    func outcome(of work: () async -> Outcome) async -> Outcome {
        switch await turn() {
        case .lead:
            let outcome = await work()
            passOn(outcome)
            return outcome
        case .share(let outcome):
            return outcome
        case .cancelled:
            return .failure(.unanswered(.cancelled))
        }
    }

    private func turn() async -> Turn {
        let id: Int? = state.withLock { state in
            guard state.isRunning else {
                state.isRunning = true
                return nil
            }
            state.lastID += 1
            return state.lastID
        }
        guard let id else { return .lead }
        let turn = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now: Turn? = state.withLock { state in
                    if state.cancelledEarly.contains(id) {
                        return .cancelled
                    }
                    // The work may have ended between the two locks.
                    guard state.isRunning else {
                        state.isRunning = true
                        return .lead
                    }
                    state.waiters[id] = continuation
                    return nil
                }
                if let now {
                    continuation.resume(returning: now)
                }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.cancelledEarly.insert(id)
                return state.waiters.removeValue(forKey: id)
            }
            waiter?.resume(returning: .cancelled)
        }
        state.withLock { _ = $0.cancelledEarly.remove(id) }
        return turn
    }

    private func passOn(_ outcome: Outcome) {
        let gaveUp = Task.isCancelled && (try? outcome.get()) == nil
        let (successor, sharers) = state.withLock { state in
            if gaveUp, let (id, successor) = state.waiters.min(by: { $0.key < $1.key }) {
                state.waiters[id] = nil
                return (Optional(successor), [CheckedContinuation<Turn, Never>]())
            }
            let sharers = Array(state.waiters.values)
            state.waiters = [:]
            state.isRunning = false
            return (nil, sharers)
        }
        successor?.resume(returning: .lead)
        for sharer in sharers {
            sharer.resume(returning: .share(outcome))
        }
    }
}
