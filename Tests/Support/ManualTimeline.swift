public import Interruption
import Synchronization

/// A clock that moves only when a test moves it.
///
/// The safe pattern is: start the code under test, `await timeline.sleepers(atLeast: 1)`, then `advance(by:)` or
/// `wakeNext()`. Waiting for the sleepers first is what makes a test deterministic: an advance before the code sleeps
/// would be an advance that nobody saw.
public final class ManualTimeline: Timeline {
    private struct Observer {
        let count: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: Moment
        var nextID = 0
        var queue = SleeperQueue()
        /// Answers `true` when the time came, `false` when the task was cancelled; who is not here sleeps no more.
        var sleepers: [Int: CheckedContinuation<Bool, Never>] = [:]
        var observers: [Observer] = []

        /// The next who still sleeps.
        mutating func next() -> SleeperQueue.Place? {
            while let place = queue.first, sleepers[place.id] == nil { _ = queue.removeFirst() }
            return queue.first
        }

        /// Removes and returns who is due, in the order of waking.
        mutating func takeDue() -> [CheckedContinuation<Bool, Never>] {
            var due: [CheckedContinuation<Bool, Never>] = []
            while let place = next(), place.deadline <= now {
                _ = queue.removeFirst()
                if let sleeper = sleepers.removeValue(forKey: place.id) { due.append(sleeper) }
            }
            return due
        }

        /// Removes and returns the observers whose count is reached.
        mutating func satisfiedObservers() -> [Observer] {
            let satisfied = observers.filter { $0.count <= sleepers.count }
            observers.removeAll { $0.count <= sleepers.count }
            return satisfied
        }
    }

    private let state: Mutex<State>

    /// A timeline that stands at `start`.
    public init(startingAt start: Moment = Moment(sinceOrigin: .zero)) {
        state = Mutex(State(now: start))
    }

    /// Where the clock stands.
    public var now: Moment { state.withLock { $0.now } }

    /// One nanosecond.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// How many tasks sleep now.
    public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// When the next sleeper is due; `nil` while nobody sleeps.
    public var nextDeadline: Moment? { state.withLock { $0.next()?.deadline } }

    /// Waits until the clock was moved to `deadline`; returns at once when it stands there already. Throws
    /// `CancellationError` when the task is cancelled first.
    public func sleep(until deadline: Moment, tolerance: Duration? = nil) async throws {
        try Task.checkCancellation()
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let isDue = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                register(SleeperQueue.Place(deadline: deadline, id: id), continuation)
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.resume(returning: false)
        }
        if !isDue { throw CancellationError() }
    }

    /// Returns as soon as at least `count` tasks sleep.
    public func sleepers(atLeast count: Int) async {
        await withCheckedContinuation { continuation in
            let isSatisfied = state.withLock { state in
                guard state.sleepers.count < count else { return true }
                state.observers.append(Observer(count: count, continuation: continuation))
                return false
            }
            if isSatisfied { continuation.resume() }
        }
    }

    /// Moves the clock to `moment` (never back) and wakes who is due, earliest first, those of one moment in the order
    /// of their coming.
    public func advance(to moment: Moment) {
        let due = state.withLock { state in
            state.now = max(state.now, moment)
            return state.takeDue()
        }
        for sleeper in due { sleeper.resume(returning: true) }
    }

    /// Moves the clock on by `duration`.
    public func advance(by duration: Duration) {
        advance(to: now.advanced(by: duration))
    }

    /// Moves the clock to the moment of the next sleeper and wakes it; `false` when nobody sleeps.
    @discardableResult
    public func wakeNext() -> Bool {
        guard let next = nextDeadline else { return false }
        advance(to: next)
        return true
    }

    private func register(_ place: SleeperQueue.Place, _ sleeper: CheckedContinuation<Bool, Never>) {
        // The handler of a cancellation takes the same lock after the task's flag is set: either we see the flag, or it
        // sees the sleeper.
        let (answer, satisfied): (Bool?, [Observer]) = state.withLock { state in
            if Task.isCancelled { return (false, []) }
            if place.deadline <= state.now { return (true, []) }
            state.queue.insert(place)
            state.sleepers[place.id] = sleeper
            return (nil, state.satisfiedObservers())
        }
        if let answer { sleeper.resume(returning: answer) }
        for observer in satisfied { observer.continuation.resume() }
    }
}
