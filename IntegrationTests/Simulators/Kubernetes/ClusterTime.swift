import Synchronization

/// Where the simulated cluster takes its time from.
public protocol ClusterTime: Sendable {
    /// The time since 1970.
    var now: Duration { get }
    /// Returns when that instant has come.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    func sleep(until instant: Duration) async throws
}

/// Real time: the wall clock as it was at the start, carried on by the monotonic clock.
public struct SystemClusterTime: ClusterTime {
    private let start: Duration
    private let origin = ContinuousClock.now

    /// Real time, told what the wall clock says now (time since 1970).
    public init(wall: Duration) { start = wall }

    /// The time since 1970; a stepped wall clock does not move it.
    public var now: Duration { start + origin.duration(to: .now) }

    /// Returns when that instant has come.
    public func sleep(until instant: Duration) async throws {
        try await ContinuousClock().sleep(until: origin + (instant - start), tolerance: .zero)
    }
}

/// Time that only moves when a test says so.
public final class ManualClusterTime: ClusterTime {
    private struct State {
        var now: Duration
        var nextID = 0
        var sleepers: [Int: (until: Duration, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var observers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }
    private let state: Mutex<State>

    /// Time that stands at that instant since 1970; by default 2026-11-21T00:00:00Z.
    public init(at start: Duration = .seconds(1_795_219_200)) { state = Mutex(State(now: start)) }

    /// The instant at which time stands.
    public var now: Duration { state.withLock { $0.now } }

    /// Moves time forward and wakes everybody whose instant has come.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now += duration
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.until < $1.until }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Returns as soon as that many tasks sleep on this clock.
    public func sleepers(atLeast count: Int) async {
        await withCheckedContinuation { continuation in
            let enough = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.observers.append((count, continuation))
                return false
            }
            if enough { continuation.resume() }
        }
    }

    /// Returns when time was moved to that instant or beyond.
    public func sleep(until instant: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                begin(id, until: instant, continuation)
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
        }
    }

    private func begin(_ id: Int, until instant: Duration, _ continuation: CheckedContinuation<Void, any Error>) {
        // A handler that ran before this point found no sleeper to wake, so cancellation is asked for under the lock.
        let (wake, observers) = state.withLock {
            state -> (Result<Void, any Error>?, [CheckedContinuation<Void, Never>]) in
            if Task.isCancelled { return (.failure(CancellationError()), []) }
            if instant <= state.now { return (.success(()), []) }
            state.sleepers[id] = (instant, continuation)
            let count = state.sleepers.count
            let ready = state.observers.filter { $0.count <= count }.map(\.continuation)
            state.observers.removeAll { $0.count <= count }
            return (nil, ready)
        }
        if let wake { continuation.resume(with: wake) }
        for observer in observers { observer.resume() }
    }
}
