/// Empties a node and gives it back.
public protocol NodeDrainer: Sendable {
    /// What was recorded on the Node by an earlier life of ours; `nil` when there is no record. Throws when the API server cannot say.
    func record() async throws -> FoundRecord?

    /// Cordons the node and moves the pods away as `order` says, until it is empty, the deadline has come, or the order ends early.
    func drain(_ order: DrainOrder) async -> Report

    /// Keeps a node that `drain` has just emptied empty: what is bound late is evicted once, until the deadline or until the order ends.
    func keepEmpty(_ order: DrainOrder) async

    /// Undoes exactly what the record says that we did, except for the notices in `keeping`, which stay in it with their cordon; returns
    /// what could not be undone, in words for people. One try; throws when another is needed.
    func giveBack(because reason: String, keeping: Set<NoticeID>) async throws -> [String]

    /// Adds `plan`, which the drain that runs already serves, to the record, so that a restart knows of it. Tries until it is there or the
    /// task is cancelled.
    func note(_ plan: Plan) async

    /// Takes a notice out of the record that was taken back while others stand. Tries as `note` does.
    func forget(_ id: NoticeID) async

    /// Writes down, and in an Event on the Node, that somebody made the node schedulable: the cordon is nobody's of ours any more, and
    /// those notices are given up for it. `plan` is what we insist on all the same. Tries as `note` does.
    func noteUncordon(givingUp ids: [NoticeID], insistingOn plan: Plan?) async

    /// Returns `true` as soon as somebody made the node schedulable after it was unschedulable by our own last request or reading;
    /// `false` when the task is cancelled.
    func untilUncordoned() async -> Bool
}

extension NodeDrainer {
    /// Nothing, for a drainer that knows of no late pods.
    public func keepEmpty(_ order: DrainOrder) async {}
}

/// A drain that was ordered: its plan, and what may change while it runs.
public struct DrainOrder: Sendable {
    /// The plan at the start.
    public let plan: Plan
    /// When the notice arrived; durations in the report count from here.
    public let arrival: Moment
    /// The deadline as it stands now; asked anew at every pass, because it may change.
    public let deadline: @Sendable () -> Deadline
    /// Why the drain should end before it is done; `nil` while it should go on. Asked at every pass.
    public let stop: @Sendable () -> StopReason?
    /// Takes news about the drain for logs, metrics, progress tables and messages; must return at once.
    public let progress: @Sendable (DrainProgress) -> Void

    /// Why a drain ends early.
    public enum StopReason: Sendable, Hashable {
        /// The notice was withdrawn.
        case withdrawn
        /// The daemon is to stop: finish what is in flight, leave cordon and record.
        case stopping
        /// A stronger plan takes over.
        case superseded
        /// A person made the node schedulable, and that is their word.
        case unwanted
    }

    /// An order from its parts.
    public init(
        plan: Plan,
        arrival: Moment,
        deadline: @escaping @Sendable () -> Deadline,
        stop: @escaping @Sendable () -> StopReason?,
        progress: @escaping @Sendable (DrainProgress) -> Void
    ) {
        self.plan = plan
        self.arrival = arrival
        self.deadline = deadline
        self.stop = stop
        self.progress = progress
    }
}

/// News of a running drain.
public enum DrainProgress: Sendable, Hashable {
    /// The node is unschedulable; `alreadyCordoned` when somebody else had done it.
    case cordoned(after: Duration, alreadyCordoned: Bool)
    /// The node takes pods though our record says that we cordoned it: somebody undid that before this drain.
    case uncordoned
    /// The pods that were found, those that leave and those that stay.
    case found([PodOutcome])
    /// One pod's state changed.
    case pod(PodOutcome)
    /// A request is made again, and what was said to the one before, as far as that is known.
    case retry(RetryCause, because: String? = nil)
    /// A step besides the pods failed; it delays nothing.
    case remark(String)
}
