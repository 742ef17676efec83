import Synchronization

/// Many ask, one fetches, all get what came. Nothing is remembered: a failure is an answer to those who asked and no state. The fetch runs
/// in the task of the first who asked; when that task is cancelled, the next in line fetches for the others.
final class SingleFlight<Value: Sendable>: Sendable {
    private enum Answer: Sendable {
        case value(Value)
        case fetcherLeft
        case selfCancelled
    }

    private struct State {
        var isUnderway = false
        var nextID = 0
        var waiters: [Int: CheckedContinuation<Answer, Never>] = [:]
    }

    private let state = Mutex(State())

    /// What `fetch` returned, here or in the task that is already at it; `nil` only when the calling task was cancelled. `fetch` returns
    /// `nil` when it was cancelled.
    func value(_ fetch: () async -> Value?) async -> Value? {
        while !Task.isCancelled {
            let isMine = state.withLock { state in
                defer { state.isUnderway = true }
                return !state.isUnderway
            }
            if isMine { return land(await fetch()) }
            switch await wait() {
            case .value(let value): return value
            case .selfCancelled: return nil
            case .fetcherLeft: continue
            }
        }
        return nil
    }

    private func land(_ value: Value?) -> Value? {
        let waiters = state.withLock { state in
            defer { state.waiters = [:] }
            state.isUnderway = false
            return state.waiters.values.map { $0 }
        }
        for waiter in waiters { waiter.resume(returning: value.map { .value($0) } ?? .fetcherLeft) }
        return value
    }

    private func wait() async -> Answer {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // The flag of a cancelled task is set before its handler runs: either it is seen here, or the handler finds the waiter.
                let answer: Answer? = state.withLock { state in
                    if Task.isCancelled { return .selfCancelled }
                    guard state.isUnderway else { return .fetcherLeft }
                    state.waiters[id] = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.resume(returning: .selfCancelled)
        }
    }
}
