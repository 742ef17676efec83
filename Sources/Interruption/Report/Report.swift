/// The outcome of a drain: what became of each pod, how long it took, what was not done and why.
public struct Report: Sendable, Hashable {
    /// The notice that was answered.
    public var notice: Notice
    /// How the node was emptied.
    public var strategy: Strategy
    /// Every pod that was on the node, in the order in which they were asked to leave, those that stay last.
    public var pods: [PodOutcome]
    /// From the notice's arrival to the accepted cordon; `nil` when the node was not cordoned.
    public var toCordon: Duration?
    /// From the notice's arrival to the last accepted evict or delete; `nil` when there was none.
    public var toLastRequest: Duration?
    /// From the notice's arrival to the moment at which no pod that had to leave was left; `nil` when some were.
    public var toEmpty: Duration?
    /// Time to the deadline when the drain ended.
    public var timeLeft: Duration
    /// How the drain ended.
    public var ending: Ending
    /// What was not done besides the pods, in words for people: a mark that was refused, a step that was skipped.
    public var remarks: [String]
    /// How often a request had to be made again, by cause (`budget`, `flow-control`, `error`).
    public var retries: [RetryCause: Int]
    /// How many volumes were still attached to the node when the drain ended; `nil` when no pod had any, or when that was not told.
    public var volumesAttached: Int?

    /// How a drain ended.
    public enum Ending: String, Sendable, Hashable {
        /// Nothing is left that had to leave (with `cordon-only`: the node is cordoned).
        case empty
        /// The deadline came first.
        case deadlineReached = "deadline-reached"
        /// The cloud took the notice back.
        case withdrawn
        /// The daemon was told to stop.
        case stopped
        /// A person made the node schedulable in the middle of it.
        case givenUp = "given-up"
        /// It could not be done at all: no permission, no API server until the end.
        case failed
    }

    /// A report from its parts.
    public init(
        notice: Notice,
        strategy: Strategy,
        pods: [PodOutcome] = [],
        toCordon: Duration? = nil,
        toLastRequest: Duration? = nil,
        toEmpty: Duration? = nil,
        timeLeft: Duration = .zero,
        ending: Ending,
        remarks: [String] = [],
        retries: [RetryCause: Int] = [:],
        volumesAttached: Int? = nil
    ) {
        self.notice = notice
        self.strategy = strategy
        self.pods = pods
        self.toCordon = toCordon
        self.toLastRequest = toLastRequest
        self.toEmpty = toEmpty
        self.timeLeft = timeLeft
        self.ending = ending
        self.remarks = remarks
        self.retries = retries
        self.volumesAttached = volumesAttached
    }

    /// How many pods had that outcome.
    public func count(_ fate: PodFate) -> Int {
        pods.count { $0.fate == fate }
    }
}

/// Why a request had to be made again.
public enum RetryCause: String, Sendable, Hashable, CaseIterable {
    /// A PodDisruptionBudget refused.
    case budget
    /// The API server's flow control refused.
    case flowControl = "flow-control"
    /// Anything else: the connection, a 5xx, a webhook.
    case error
}

/// What became of one pod.
public struct PodOutcome: Sendable, Hashable {
    /// The pod's namespace.
    public var namespace: String
    /// The pod's name.
    public var name: String
    /// The pod's uid.
    public var uid: String
    /// What became of it.
    public var fate: PodFate
    /// Whether it was deleted because its budget, or its own wish, kept it until its own time had come.
    public var escalated: Bool
    /// The grace that it was given, when we asked it to leave.
    public var grace: Duration?
    /// The budget that refused, the owner that made it stay, or the error, in words for people.
    public var detail: String?
    /// From the notice's arrival to its end; `nil` while it is still there.
    public var took: Duration?
    /// From the notice's arrival to the request that it obeyed; `nil` when it obeyed none of ours.
    public var asked: Duration?
    /// From the notice's arrival to the first refusal; `nil` when nothing was refused.
    public var refused: Duration?

    /// An outcome from its parts.
    public init(
        namespace: String,
        name: String,
        uid: String,
        fate: PodFate,
        escalated: Bool = false,
        grace: Duration? = nil,
        detail: String? = nil,
        took: Duration? = nil,
        asked: Duration? = nil,
        refused: Duration? = nil
    ) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.fate = fate
        self.escalated = escalated
        self.grace = grace
        self.detail = detail
        self.took = took
        self.asked = asked
        self.refused = refused
    }
}

/// What can become of a pod.
public enum PodFate: String, Sendable, Hashable, CaseIterable {
    /// Left through the eviction API.
    case evicted
    /// Left by deletion.
    case deleted
    /// Left by itself, or somebody else took it away.
    case gone
    /// Was asked to leave and is not out yet.
    case terminating
    /// Its budget refused to the end.
    case blocked
    /// The API server refused, or could not be asked.
    case failed
    /// Does not leave: a DaemonSet's, a static one, our own, finished, or by its own wish.
    case skipped
    /// Not asked yet.
    case waiting
}
