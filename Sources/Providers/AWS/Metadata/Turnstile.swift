import Interruption
import Synchronization

/// Lets one exchange through at a time, in the order of arrival, so that one kept-alive connection carries them all; whoever has waited long
/// enough goes anyway, so that an exchange that hangs delays the others by no more than `patience`.
final class Turnstile: Sendable {
    private struct State {
        var inside = 0
        var lastNumber = 0
        var line: [(number: Int, continuation: CheckedContinuation<Void, Never>)] = []
        /// Who was let in by the one before, and has not gone on yet.
        var admitted: Set<Int> = []
    }

    private let state = Mutex(State())
    private let timeline: any Timeline
    private let patience: Duration

    init(timeline: any Timeline, patience: Duration = .milliseconds(200)) {
        self.timeline = timeline
        self.patience = patience
    }

    /// What `body` returns, run as soon as nobody else is inside or the patience is over.
    func pass<Result>(_ body: () async -> Result) async -> Result {
        if !enter() { await queue() }
        defer { leave() }
        return await body()
    }

    /// Whether somebody is inside.
    var isBusy: Bool { state.withLock { $0.inside > 0 } }

    /// How many wait.
    var inLine: Int { state.withLock { $0.line.count } }

    private func enter() -> Bool {
        state.withLock { state in
            guard state.inside == 0 else { return false }
            state.inside = 1
            return true
        }
    }

    /// Returns inside, whether let in, out of patience or cancelled: the body says so itself.
    private func queue() async {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        _ = await timeline.answer(within: patience) { await self.turn(of: number) }
        state.withLock { state in
            if state.admitted.remove(number) == nil { state.inside += 1 }
        }
    }

    private func turn(of number: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A cancelled task's flag is set before its handler runs: it is seen here, or the handler finds the entry.
                let goesOn = state.withLock { state in
                    if Task.isCancelled { return true }
                    if state.inside == 0 {
                        state.inside = 1
                        state.admitted.insert(number)
                        return true
                    }
                    state.line.append((number, continuation))
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            let entry = state.withLock { state in
                state.line.firstIndex { $0.number == number }.map { state.line.remove(at: $0) }
            }
            entry?.continuation.resume()
        }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.inside -= 1
            guard state.inside == 0, !state.line.isEmpty else { return nil }
            let first = state.line.removeFirst()
            state.inside = 1
            state.admitted.insert(first.number)
            return first.continuation
        }
        next?.resume()
    }
}
