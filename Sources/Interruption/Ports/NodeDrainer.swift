/// Empties a node and gives it back.
public protocol NodeDrainer: Sendable {
    /// What was recorded on the Node by an earlier life of ours; `nil` when there is no record. Throws when the API server cannot say.
    func record() async throws -> FoundRecord?

    /// Cordons the node and moves the pods away as `order` says, until it is empty, the deadline has come, or the order ends early.
    func drain(_ order: DrainOrder) async -> Report

    /// Undoes exactly what the record says that we did; returns what could not be undone, in words for people.
    func giveBack(because reason: String) async throws -> [String]

    /// Adds `plan`, which the drain that runs already serves, to the record, so that a restart knows of it. Best effort.
    func note(_ plan: Plan) async
}

/// A drain that was ordered: its plan, and what may change while it runs.
public struct DrainOrder: Sendable {
    /// The plan at the start.
    public let plan: Plan
    /// When the notice arrived; durations in the report count from here.
    public let arrival: Moment
    /// The deadline as it stands now; asked anew at every pass, because it may be tightened.
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
    /// The pods that were found, those that leave and those that stay.
    case found([PodOutcome])
    /// One pod's state changed.
    case pod(PodOutcome)
    /// A request is made again.
    case retry(RetryCause)
    /// A step besides the pods failed; it delays nothing.
    case remark(String)
}
