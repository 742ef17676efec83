/// One notice that stands, and how far we are with it.
struct Standing: Sendable, Hashable {
    /// How far we are.
    enum Service: Sendable, Hashable {
        /// It is to be drained for, or a drain runs for it. Next: served, givenUp.
        case waiting
        /// A drain came to a good end for it. Next: waiting (the cloud announces it anew, or the node was made schedulable).
        case served
        /// A person made the node schedulable, which is their word against it. Next: waiting (the cloud announces it anew).
        case givenUp
    }

    /// What was decided for it; its notice is as the cloud said last.
    var plan: Plan
    /// When it was seen first in this life.
    var arrival: Moment
    /// How far we are.
    var service = Service.waiting
    /// Whether a source announced it in this life; a recorded one waits for that.
    var isConfirmed = true
    /// Whether it is left alone until it is confirmed: its time is past, or it was served and the node was made schedulable since.
    var needsConfirmation = false
    /// Whether people were told of it, in this life or an earlier one.
    var isTold = true
    /// The run that was begun for it, or that it joined.
    var joined: Int?
    /// Whether the record names it.
    var isNoted = false
    /// How its drain ended, as people were told last.
    var toldEnding: Report.Ending?
    /// Its deadline had passed when it was drained for: the time it is given all the same.
    var overtime: Deadline?

    /// A notice whose deadline has passed is drained for in pieces of this length: the machine may live longer than was said.
    static let overtimeLength = Duration.seconds(30)

    var id: NoticeID { plan.notice.id }

    /// Until when we have for it.
    var due: Deadline { overtime ?? plan.notice.deadline }

    /// What it says of a drain's deadline at `now`: nothing once its time has passed, and of the time that it was given all the same
    /// nothing once it was served.
    func deadline(ruling now: Moment) -> Deadline? {
        let deadline = service == .served ? plan.notice.deadline : due
        return service != .givenUp && deadline.moment > now ? deadline : nil
    }

    /// Whether a drain should be begun for it.
    var asksForDrain: Bool { service == .waiting && (isConfirmed || !needsConfirmation) }

    /// Whether the end of `run` is news about it: it asked for one that does no more and joined it, or was given up in the
    /// middle of it. Who came when the drain was told to end already did not join.
    func isConcerned(by run: NodeMachine.Run) -> Bool {
        guard joined == run.number, !run.plan.strategy.isWeaker(than: plan.strategy) else { return false }
        return asksForDrain || service == .givenUp && toldEnding == nil
    }

    /// Whether its time is still ahead.
    func isAhead(at now: Moment) -> Bool { due.moment > now }

    /// Whether the machine will surely be taken, so that a person's `uncordon` cannot be meant: a served one only while its time is ahead.
    func isCertainLoss(at now: Moment) -> Bool {
        plan.notice.kind.isCertainLoss && service != .givenUp && (service == .waiting || isAhead(at: now))
    }

    /// Whether `notice`, announced now, is another interruption under the same name: what was served or given up has passed, and the
    /// cloud names a later time. An assumed time says nothing: it is counted from when somebody looked.
    func isRenewed(by notice: Notice, at now: Moment) -> Bool {
        guard service != .waiting, !isAhead(at: now), notice.deadline.certainty == .announced else { return false }
        return notice.deadline.moment > max(now, plan.notice.deadline.moment.advanced(by: .seconds(5)))
    }
}

extension NoticeKind {
    /// Whether the machine is surely lost, whatever people on the cluster's side do.
    var isCertainLoss: Bool {
        switch self {
        case .reclaim, .scaleIn: true
        case .maintenance, .rebalance: false
        }
    }
}

extension Strategy {
    /// Whether `other` does more to empty the node.
    public func isWeaker(than other: Strategy) -> Bool {
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

extension Standing {
    /// Whether `other` should be carried out rather than this one: it does more, or the same under an earlier deadline.
    func isWeaker(than other: Standing) -> Bool {
        if plan.strategy != other.plan.strategy { return plan.strategy.isWeaker(than: other.plan.strategy) }
        return due.moment > other.due.moment
    }
}
