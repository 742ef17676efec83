import Interruption
import Kubernetes
import Synchronization
import Transport

/// An API server as a fleet meets it: seats, queues, and the time that requests take, in virtual time.
///
/// The times are those of a real API server 1.36: an eviction waits for etcd's progress tick, all that are under way
/// for the same one, and then writes; 1,000 evictions with 50 in flight took 2.4 to 2.9 s, of which 2 s are ticks, so
/// a write takes the store about half a millisecond.
final class APIServerModel: Sendable {
    /// What is asked for, by what it costs.
    enum Request: String, Sendable, CaseIterable {
        /// One object, or the opening of a watch.
        case read
        /// A consistent list, which waits for the tick like an eviction. Its seats follow from the number of pods in
        /// the cluster, not on the node.
        case list
        /// A patch, an event, a deletion.
        case write
        /// An eviction.
        case eviction

        var waitsForTick: Bool { self == .list || self == .eviction }
        var writes: Bool { self == .write || self == .eviction }
        var width: Int { self == .list ? 10 : 1 }
    }

    static let tick = Duration.milliseconds(100)
    static let work = Duration.milliseconds(2)
    static let storeWrite = Duration.microseconds(500)
    static let roundTrip = Duration.milliseconds(1)
    static let retryAfter = Duration.seconds(1)

    /// What happened here.
    struct Tally: Sendable {
        var requests = 0
        var refused = 0
        var longestWait = Duration.zero
        var mostRequestsInASecond = 0
        fileprivate var second = Int64(-1)
        fileprivate var inSecond = 0

        fileprivate mutating func arrival(at now: Moment) {
            requests += 1
            let present = now.sinceOrigin.components.seconds
            if present != second { (second, inSecond) = (present, 0) }
            inSecond += 1
            mostRequestsInASecond = max(mostRequestsInASecond, inSecond)
        }
    }

    private struct State {
        var desk: SeatDesk
        var tally = Tally()
        var nextTicket = 0
        /// Answers `true` when seated, `false` when the client went away.
        var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
        var storeIsFreeAt: Moment
    }

    private let state: Mutex<State>
    private let timeline: any Timeline

    /// A server with so many seats for the fleet's priority level.
    init(seats: Int, timeline: any Timeline) {
        self.timeline = timeline
        state = Mutex(State(desk: SeatDesk(seats: seats), storeIsFreeAt: timeline.now))
    }

    /// What happened here so far.
    var tally: Tally { state.withLock { $0.tally } }

    /// Takes a request through queue and work, then has `act` done and answers what that said.
    func serve<Value: Sendable>(
        _ request: Request, _ act: @Sendable (Moment) -> Result<Value, KubernetesError>
    ) async throws(KubernetesError) -> Value {
        await pause(Self.roundTrip)
        let arrival = timeline.now
        guard try await seat(request, at: arrival) else { throw .unanswered(.cancelled) }
        state.withLock { $0.tally.longestWait = max($0.tally.longestWait, arrival.duration(to: timeline.now)) }
        if request.waitsForTick { await sleep(until: nextTick(after: timeline.now)) }
        await pause(Self.work)
        if request.writes {
            let done = state.withLock { state in
                state.storeIsFreeAt = max(state.storeIsFreeAt, timeline.now).advanced(by: Self.storeWrite)
                return state.storeIsFreeAt
            }
            await sleep(until: done)
        }
        // Who hung up before the work was done is left as it was: the server drops such requests.
        let answer = Task.isCancelled ? .failure(KubernetesError.unanswered(.cancelled)) : act(timeline.now)
        release(width: request.width)
        return try answer.get()
    }

    private func seat(_ request: Request, at now: Moment) async throws(KubernetesError) -> Bool {
        let (ticket, reception) = state.withLock { state in
            state.tally.arrival(at: now)
            state.nextTicket += 1
            let reception = state.desk.arrives(state.nextTicket, width: request.width)
            if reception == .refused { state.tally.refused += 1 }
            return (state.nextTicket, reception)
        }
        switch reception {
        case .seated: return true
        case .refused: throw .throttled(retryAfter: Self.retryAfter)
        case .queued: return await wait(with: ticket)
        }
    }

    private func wait(with ticket: Int) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isOver, called) = state.withLock { state in
                    if Task.isCancelled { return (true, state.desk.givesUp(ticket)) }
                    state.waiting[ticket] = continuation
                    return (false, [])
                }
                if isOver { continuation.resume(returning: false) }
                call(called)
            }
        } onCancel: {
            let (waiter, called) = state.withLock { state in
                guard let waiter = state.waiting.removeValue(forKey: ticket) else {
                    return (nil as CheckedContinuation<Bool, Never>?, [] as [Int])
                }
                return (waiter, state.desk.givesUp(ticket))
            }
            waiter?.resume(returning: false)
            call(called)
        }
    }

    private func release(width: Int) {
        call(state.withLock { $0.desk.leaves(width: width) })
    }

    private func call(_ tickets: [Int]) {
        for ticket in tickets {
            state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume(returning: true)
        }
    }

    private func nextTick(after now: Moment) -> Moment {
        let ticks = (now.sinceOrigin / Self.tick).rounded(.down) + 1
        return Moment(sinceOrigin: Self.tick * Int(ticks))
    }

    private func pause(_ duration: Duration) async {
        await sleep(until: timeline.now.advanced(by: duration))
    }

    private func sleep(until moment: Moment) async {
        // A client that hangs up is noticed at the end of each step.
        try? await timeline.sleep(until: moment, tolerance: nil)
    }
}
