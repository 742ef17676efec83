/// What this node is doing about the notices that stand. A pure state machine: inputs say what happened, effects say what to do.
///
/// Several notices can stand at once. One drain at a time serves all of them: with the strongest of their strategies and the earliest of
/// their deadlines. Each notice still has its own pair of messages.
public struct NodeMachine: Sendable {
    /// What the machine wants done.
    public enum Effect: Sendable, Hashable {
        /// Begin a drain; the notice arrived at `arrival`.
        case drain(Plan, arrival: Moment)
        /// The running drain's deadline came closer.
        case tighten(Deadline)
        /// End the running drain early.
        case endDrain(DrainOrder.StopReason)
        /// Write down that this plan is served by the drain that runs already.
        case note(Plan)
        /// Tell people that a notice was seen.
        case announceSeen(Plan)
        /// Tell people how a drain ended.
        case announceOutcome(Report)
        /// Tell people that a notice was taken back.
        case announceWithdrawn(Notice, because: String, leftovers: [String])
        /// Tell the cloud: replace this machine, and wait for us if it can.
        case tellCloud(Plan)
        /// Let the cloud go on.
        case completeHook(Notice)
        /// Undo what we did to the node.
        case giveBack(because: String)
        /// A notice whose kind is to be ignored.
        case ignore(Notice)
        /// Everything that had to end has ended.
        case finish
    }

    /// What the node is at.
    enum Phase: Sendable, Hashable {
        /// No drain runs; notices that stand were served. Next: draining, givingBack, finished.
        case resting
        /// A drain runs for the plan. Next: resting, givingBack, draining (a stronger plan), finished.
        case draining(Plan)
        /// A running drain was told to end early; `next` follows. Next: draining, givingBack, finished.
        case ending(Plan, next: Next)
        /// What we did is being undone. Next: resting, draining, finished.
        case givingBack(because: String)
        /// Stopped for good. Next: none.
        case finished
    }

    /// What follows a drain that ends early.
    enum Next: Sendable, Hashable {
        case drain(Plan)
        case giveBack(because: String)
        case finish
    }

    /// One notice that stands.
    struct Standing: Sendable, Hashable {
        var plan: Plan
        var arrival: Moment
        var isServed: Bool
    }

    private(set) var phase = Phase.resting
    private(set) var standing: [Standing] = []
    private(set) var ignored: Set<NoticeID> = []
    private var takenBack: [(notice: Notice, because: String)] = []
    private let policy: DrainPolicy

    /// A machine at rest, for a node that nobody announced anything about.
    public init(policy: DrainPolicy) {
        self.policy = policy
    }

    /// Whether a notice stands that is not ignored.
    public var hasNotices: Bool { !standing.isEmpty }

    /// Whether a drain or a give-back runs.
    public var isBusy: Bool {
        switch phase {
        case .resting, .finished: false
        case .draining, .ending, .givingBack: true
        }
    }

    /// The deadline that rules now: the earliest of the notices that stand and move pods.
    public var deadline: Deadline? {
        let moving = standing.filter { $0.plan.strategy != .cordonOnly }
        return (moving.isEmpty ? standing : moving).map(\.plan.notice.deadline).min { $0.moment < $1.moment }
    }

    /// A source says that `notice` stands.
    public mutating func noticeReported(_ notice: Notice, at now: Moment) -> [Effect] {
        guard phase != .finished else { return [] }
        if let index = standing.firstIndex(where: { $0.plan.notice.id == notice.id }) {
            return deadlineReported(notice.deadline, forNoticeAt: index)
        }
        guard let plan = policy.plan(for: notice) else {
            return ignored.insert(notice.id).inserted ? [.ignore(notice)] : []
        }
        standing.append(Standing(plan: plan, arrival: now, isServed: false))
        return [.announceSeen(plan)] + begin(plan, arrival: now) + [.tellCloud(plan)]
    }

    /// A record of an earlier life of ours says that we were at this notice; no message is sent again.
    public mutating func noticeRecorded(_ notice: Notice, strategy: Strategy, wasServed: Bool, at now: Moment)
        -> [Effect]
    {
        guard phase != .finished, !standing.contains(where: { $0.plan.notice.id == notice.id }),
            let settled = policy.plan(for: notice)
        else { return [] }
        let plan = Plan(
            notice: notice, strategy: strategy, escalates: settled.escalates, graceLimit: settled.graceLimit,
            margin: settled.margin)
        standing.append(Standing(plan: plan, arrival: now, isServed: wasServed))
        guard wasServed else { return begin(plan, arrival: now) + [.tellCloud(plan)] }
        // Whether the cloud was told before the earlier life ended is not known, and telling it again is harmless.
        return notice.hasHook && strategy != .cordonOnly ? [.tellCloud(plan), .completeHook(notice)] : []
    }

    /// The cloud took a notice back, or it went stale.
    public mutating func noticeWithdrawn(_ id: NoticeID, because reason: String) -> [Effect] {
        ignored.remove(id)
        guard phase != .finished, let index = standing.firstIndex(where: { $0.plan.notice.id == id }) else { return [] }
        takenBack.append((standing.remove(at: index).plan.notice, reason))
        guard let strongest = strongestStanding() else {
            return leave(because: reason)
        }
        // Others still want the node empty: the pods that left stay away, and the messages about the withdrawn one end here.
        let words = takenBack.map { Effect.announceWithdrawn($0.notice, because: $0.because, leftovers: []) }
        takenBack = []
        if case .draining(let plan) = phase, plan.notice.id == id {
            phase = .ending(plan, next: .drain(strongest.plan))
            return words + [.endDrain(.superseded)]
        }
        return words
    }

    /// The running drain came to its end.
    public mutating func drainEnded(_ report: Report) -> [Effect] {
        switch phase {
        case .draining(let plan):
            phase = .resting
            return outcomes(of: report, for: plan)
        case .ending(_, let next):
            return follow(next, report)
        case .resting, .givingBack, .finished:
            return []
        }
    }

    /// What we did was undone, but for `leftovers`.
    public mutating func gaveBack(leftovers: [String]) -> [Effect] {
        guard case .givingBack = phase else { return [] }
        phase = .resting
        let words = takenBack.map {
            Effect.announceWithdrawn($0.notice, because: $0.because, leftovers: leftovers)
        }
        takenBack = []
        guard let waiting = standing.first(where: { !$0.isServed }) else { return words }
        return words + begin(waiting.plan, arrival: waiting.arrival)
    }

    /// The record is of a machine that is not any more (a reboot, a stop that ended): the node can be given back.
    public mutating func recordIsStale(because reason: String) -> [Effect] {
        guard phase == .resting, standing.isEmpty else { return [] }
        phase = .givingBack(because: reason)
        return [.giveBack(because: reason)]
    }

    /// The daemon is told to stop: finish what is in flight, leave cordon and record.
    public mutating func stopRequested() -> [Effect] {
        switch phase {
        case .resting:
            phase = .finished
            return [.finish]
        case .draining(let plan):
            phase = .ending(plan, next: .finish)
            return [.endDrain(.stopping)]
        case .ending(let plan, _):
            phase = .ending(plan, next: .finish)
            return [.endDrain(.stopping)]
        case .givingBack:
            // Undoing is short and bounded; the record that is left says what remains for the next life.
            phase = .finished
            return [.finish]
        case .finished:
            return []
        }
    }
}

extension NodeMachine {
    private func strongestStanding() -> Standing? {
        standing.max { $0.plan.isWeaker(than: $1.plan) }
    }

    private mutating func deadlineReported(_ deadline: Deadline, forNoticeAt index: Int) -> [Effect] {
        let plan = standing[index].plan
        let before = self.deadline
        standing[index].plan = plan.following(plan.notice.tightened(to: deadline))
        guard case .draining = phase, let after = self.deadline, after != before else { return [] }
        return [.tighten(after)]
    }

    private mutating func begin(_ plan: Plan, arrival: Moment) -> [Effect] {
        switch phase {
        case .resting:
            phase = .draining(plan)
            return [.drain(plan, arrival: arrival)]
        case .draining(let running) where running.strategy.isWeaker(than: plan.strategy):
            phase = .ending(running, next: .drain(plan))
            return [.endDrain(.superseded)]
        case .draining:
            let tightened = deadline.map { [Effect.tighten($0)] } ?? []
            return [.note(plan)] + tightened
        case .ending(let running, .giveBack), .ending(let running, .drain):
            phase = .ending(running, next: .drain(strongestStanding()?.plan ?? plan))
            return []
        case .ending, .givingBack, .finished:
            return []
        }
    }

    /// No notice is left: end what runs, then give the node back.
    private mutating func leave(because reason: String) -> [Effect] {
        switch phase {
        case .draining(let plan):
            phase = .ending(plan, next: .giveBack(because: reason))
            return [.endDrain(.withdrawn)]
        case .ending(let plan, .drain):
            phase = .ending(plan, next: .giveBack(because: reason))
            return []
        case .resting:
            phase = .givingBack(because: reason)
            return [.giveBack(because: reason)]
        case .ending, .givingBack, .finished:
            return []
        }
    }

    private mutating func follow(_ next: Next, _ report: Report) -> [Effect] {
        switch next {
        case .drain(let plan):
            guard let current = standing.first(where: { $0.plan.notice.id == plan.notice.id }) else {
                phase = .resting
                return []
            }
            phase = .draining(current.plan)
            return [.drain(current.plan, arrival: current.arrival)]
        case .giveBack(let reason):
            phase = .givingBack(because: reason)
            return [.giveBack(because: reason)]
        case .finish:
            phase = .finished
            return [.finish]
        }
    }

    /// The pair's second message for every notice that the drain served, and the word that the cloud waits for.
    private mutating func outcomes(of report: Report, for plan: Plan) -> [Effect] {
        var effects: [Effect] = []
        for index in standing.indices where !standing[index].isServed {
            guard !plan.strategy.isWeaker(than: standing[index].plan.strategy) else { continue }
            standing[index].isServed = true
            var own = report
            own.notice = standing[index].plan.notice
            effects.append(.announceOutcome(own))
            if own.notice.hasHook, standing[index].plan.strategy != .cordonOnly {
                effects.append(.completeHook(own.notice))
            }
        }
        return effects
    }
}

extension Strategy {
    /// Whether `other` does more to empty the node.
    func isWeaker(than other: Strategy) -> Bool {
        weight < other.weight
    }

    private var weight: Int {
        switch self {
        case .cordonOnly: 0
        case .evict: 1
        case .delete: 2
        }
    }
}

extension Plan {
    /// Whether `other` should be carried out rather than this one: it does more, or the same under an earlier deadline.
    func isWeaker(than other: Plan) -> Bool {
        if strategy != other.strategy { return strategy.isWeaker(than: other.strategy) }
        return notice.deadline.moment > other.notice.deadline.moment
    }
}
