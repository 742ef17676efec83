import Interruption
import Kubernetes

/// One entry per pod of the node, and what to ask next. A value: inputs say what happened, `pass` says what to do now.
struct Ledger: Sendable {
    /// Requests without an answer in a row from which the API server counts as away.
    static let silenceLimit = 3
    /// Requests under way while it is away: enough to notice that it is back, not 100 connections a second.
    static let probes = 4

    /// What a ledger is opened with.
    struct Terms: Sendable {
        /// Who leaves.
        var classifier: PodClassifier
        /// How they are asked.
        var strategy: any DepartureStrategy
        /// When the notice arrived; durations count from here.
        var arrival: Moment
        /// Places the API server's times on the monotonic clock.
        var anchor: WallClockAnchor
        /// How many requests may be under way at once.
        var window: Int
        /// Whether pods are deleted from their own time on.
        var escalates: Bool
        /// How long after the notice ordinary pods are asked, if their own time does not come first.
        var settle: Duration
        /// Where jitter comes from.
        var seed: UInt64
        /// How much earlier the own time of pods with attachable volumes is: a detach that begins after the machine was told to end takes
        /// as long as the end.
        var volumeMargin = Duration.zero
    }

    let terms: Terms
    var generator: SeededGenerator
    var entries: [PodEntry] = []
    /// Places in `entries` by uid.
    var places: [String: Int] = [:]
    /// Places of those that are to leave and are not out, in the order in which they are asked: tier, longest grace, name.
    var queue: [Int] = []
    /// What is known of the pods of one owner together.
    var owners: [PodOwner: OwnerEntry] = [:]
    /// Whether the node takes no new pods.
    var isCordoned = false
    /// Those that are out and were taken off the entries.
    var departed: [Departed] = []
    /// How many more there were than are kept.
    var forgotten = 0
    var inFlightCount = 0
    var requestCount = 0
    var turns = 0
    var silence = 0
    var flow: FlowWindow
    /// When the pods of the node were known first.
    private(set) var listedAt: Moment?
    private(set) var lastAcceptedAt: Moment?
    /// When the last pod went.
    private(set) var lastOutAt: Moment?
    private(set) var retries: [RetryCause: Int] = [:]
    private var news: [DrainProgress] = []

    /// An empty ledger.
    init(_ terms: Terms) {
        self.terms = terms
        generator = SeededGenerator(seed: terms.seed)
        flow = FlowWindow(full: terms.window)
    }

    /// Whether pods are deleted from their own time on.
    var escalates: Bool { terms.escalates }

    /// Whether the pods of the node are known.
    var isListed: Bool { listedAt != nil }

    /// Whether everybody is out who has to leave; `false` before the first list.
    var isEmpty: Bool {
        isListed && !queue.contains { entries[$0].isAwaited(escalates: escalates) }
    }

    /// Why pods come back to the node, in words for people.
    var returnWords: String {
        "comes back to this node: " + (isCordoned ? "it tolerates the cordon" : "the node takes new pods")
    }

    /// Whether pods have to leave whose volumes may be attached.
    var movesVolumes: Bool {
        terms.strategy.movesPods && entries.contains { $0.pod.hasAttachableVolumes && !$0.isStaying }
    }

    /// When a pod's own time comes.
    func ownTime(of entry: PodEntry, by plan: GracePlan) -> Moment {
        entry.ownTime(by: plan, volumeMargin: terms.volumeMargin)
    }

    /// Removes and returns what there is to tell.
    mutating func takeNews() -> [DrainProgress] {
        defer { news = [] }
        return news
    }

    mutating func tell(_ progress: DrainProgress) {
        news.append(progress)
    }

    mutating func tellOutcome(of place: Int) {
        tell(.pod(entries[place].outcome(escalates: escalates, since: terms.arrival)))
    }

    mutating func countRetry(_ cause: RetryCause, because reason: String?) {
        retries[cause, default: 0] += 1
        tell(.retry(cause, because: reason))
    }

    mutating func wasAccepted(at now: Moment) {
        lastAcceptedAt = now
    }

    mutating func wentOut(at now: Moment) {
        lastOutAt = now
    }

    mutating func wasListed(at now: Moment) {
        listedAt = listedAt ?? now
    }
}
