import Synchronization

/// What the handler's loop keeps between two inputs. Only the loop touches it.
struct HandlerSession {
    /// How long recorded notices have to be announced again.
    static let settlingTime = Duration.seconds(60)

    /// How long notices wait for the record at start. An API server that hangs must not cost more; a message may then be sent twice.
    static let recordPatience = Duration.seconds(1)

    /// How long the first message waits until its notice is in the record, so that a next life does not say it again. An API server
    /// that does not answer must not keep people waiting for more.
    static let writingPatience = Duration.seconds(2)

    var machine: NodeMachine
    var control = DrainControl()
    var gates = HookGates()
    var isFinished = false
    /// Sources that do not answer as they should.
    var degraded: Set<String> = []
    /// Recorded notices that no source has announced again yet.
    var unconfirmed: Set<NoticeID> = []
    /// First messages that wait for the record.
    var unsaid: [NoticeID: (plan: Plan, timeLeft: Duration)] = [:]
    /// Whether the record was read, or could not be at the first try; until then notices wait, for milliseconds.
    private(set) var recordIsKnown = false
    private var kept: [Notice] = []

    init(machine: NodeMachine) {
        self.machine = machine
    }

    mutating func keep(_ notice: Notice) {
        guard kept.count < 64 else { return }
        kept.removeAll { $0.id == notice.id }
        kept.append(notice)
    }

    mutating func releaseKept(at now: Moment) -> [NodeMachine.Effect] {
        recordIsKnown = true
        let notices = kept
        kept = []
        return notices.flatMap {
            unconfirmed.remove($0.id)
            return machine.noticeReported($0, at: now)
        }
    }

    /// A drain order whose deadline and end can be changed while it runs.
    mutating func order(
        for plan: Plan, arrival: Moment, progress: @escaping @Sendable (DrainProgress) -> Void
    ) -> DrainOrder {
        let control = DrainControl()
        control.tighten(to: machine.deadline ?? plan.notice.deadline)
        self.control = control
        return DrainOrder(
            plan: plan, arrival: arrival, deadline: { control.deadline ?? plan.notice.deadline },
            stop: { control.reason }, progress: progress)
    }
}

/// What may change about a drain while it runs.
final class DrainControl: Sendable {
    private let state = Mutex<(deadline: Deadline?, reason: DrainOrder.StopReason?)>((nil, nil))

    var deadline: Deadline? { state.withLock { $0.deadline } }
    var reason: DrainOrder.StopReason? { state.withLock { $0.reason } }

    func tighten(to deadline: Deadline) {
        state.withLock { $0.deadline = $0.deadline?.tightened(to: deadline) ?? deadline }
    }

    func end(_ reason: DrainOrder.StopReason) {
        state.withLock { $0.reason = reason }
    }
}

/// One gate per notice with a hook: it opens when the cloud may go on, and closes when there is nothing to say.
struct HookGates {
    private var continuations: [NoticeID: AsyncStream<Void>.Continuation] = [:]

    mutating func make(for id: NoticeID) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        continuations[id] = continuation
        return stream
    }

    mutating func open(_ id: NoticeID) {
        let continuation = continuations.removeValue(forKey: id)
        continuation?.yield()
        continuation?.finish()
    }

    mutating func close(_ id: NoticeID) {
        continuations.removeValue(forKey: id)?.finish()
    }
}
