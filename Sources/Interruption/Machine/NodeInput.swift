extension NodeMachine {
    /// What happened. The machine is told, and answers with effects; it never asks.
    public enum Input: Sendable, Hashable {
        /// A source says that a notice stands (again and again, while it does).
        case announced(Notice)
        /// A source says that a notice was taken back, or went stale.
        case withdrawn(NoticeID, because: String)
        /// A source's service answers as it should.
        case sourceAnswers(String)
        /// A source's service does not answer as it should.
        case sourceFails(String, because: String)
        /// The Node was read at start: what an earlier life wrote there, if anything.
        case recordRead(FoundRecord?)
        /// The Node could not be read at start.
        case recordUnreadable(String)
        /// The node is unschedulable, by this run of a drain or before it; the notice of its plan is in the record.
        case cordoned(run: Int)
        /// A run found, before its own cordon, that somebody had made the node schedulable which an earlier life had cordoned.
        case foundUncordoned(run: Int)
        /// The notice is in the record on the Node.
        case written(NoticeID)
        /// A run is over.
        case drainEnded(run: Int, Report)
        /// Everything that was ours is undone, but for the leftovers.
        case gaveBack(attempt: Int, leftovers: [String])
        /// It could not be undone this time.
        case giveBackFailed(attempt: Int, String)
        /// Somebody made the node schedulable after our cordon, and it was not us.
        case uncordoned(watch: Int)
        /// The moment for which the machine asked to be woken may have come.
        case timePassed
        /// The daemon is told to stop.
        case stop
    }

    /// What is to be done. Effects are carried out side by side, in the order in which they are given.
    public enum Effect: Sendable, Hashable {
        /// Tell logs and metrics.
        case tell(NodeNews)
        /// Tell people; after `expiry` it is pointless.
        case post(Notification.Event, expiry: Moment?)
        /// Read the record after that time; answered by `recordRead` or `recordUnreadable`.
        case readRecord(after: Duration)
        /// Begin a run; answered by `drainEnded`.
        case drain(Run)
        /// The running drain's deadline is this one now.
        case setDeadline(Deadline)
        /// End the running drain early.
        case endDrain(DrainOrder.StopReason)
        /// Write down that the drain which runs serves this plan, too; answered by `written`.
        case note(Plan)
        /// Take a notice out of the record: it was taken back while others stand.
        case forget(NoticeID)
        /// Tell the cloud: replace this machine, and wait for us if it can.
        case tellCloud(Plan)
        /// Let the cloud go on.
        case completeHook(Notice)
        /// Say nothing more to the cloud about this notice.
        case dropHook(NoticeID)
        /// Try once to undo what we did for every notice but those; answered by `gaveBack` or `giveBackFailed`.
        case giveBack(because: String, keeping: Set<NoticeID>, attempt: Int)
        /// Break off the try that is under way: nothing more is to be undone.
        case endGiveBack
        /// Watch the Node for somebody who makes it schedulable; told by `uncordoned`.
        case watchNode(watch: Int)
        /// Watch it no longer.
        case unwatchNode
        /// Write down, and in an Event, that somebody made the node schedulable: the cordon is not ours any more, these notices are given
        /// up for it, and what we insist on, if anything.
        case noteUncordon(givingUp: [NoticeID], insistingOn: Plan?)
        /// Everything that had to end has ended.
        case finish
    }

    /// One run of a drain: a plan, and what was known when it began.
    public struct Run: Sendable, Hashable {
        /// Tells runs apart, so that a late word of one is not taken for another's.
        public let number: Int
        /// What is carried out.
        public let plan: Plan
        /// When its notice arrived.
        public let arrival: Moment
        /// The deadline as it stands.
        public internal(set) var deadline: Deadline
        /// Whether somebody made the node schedulable meanwhile, so that no end of it is a good one.
        var isVoid = false
    }
}
