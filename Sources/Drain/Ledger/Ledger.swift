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
    /// Places in the order in which pods are asked: tier, longest grace, name.
    var queue: [Int] = []
    var inFlightCount = 0
    var requestCount = 0
    var turns = 0
    var silence = 0
    var flow: FlowWindow
    /// When the pods of the node were known first.
    private(set) var listedAt: Moment?
    private(set) var lastAcceptedAt: Moment?
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
        isListed && !entries.contains { $0.isAwaited(escalates: escalates) }
    }

    /// Whether pods have to leave whose volumes may be attached.
    var movesVolumes: Bool {
        terms.strategy.movesPods && entries.contains { $0.pod.hasAttachableVolumes && !$0.isStaying }
    }

    /// When a pod's own time comes.
    func ownTime(of entry: PodEntry, by plan: GracePlan) -> Moment {
        let time = plan.ownTime(forGrace: plan.full(for: entry.pod.gracePeriod))
        return entry.pod.hasAttachableVolumes ? time.advanced(by: .zero - terms.volumeMargin) : time
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
}

// MARK: - What the list and the watch say

extension Ledger {
    /// The API server listed the pods of the node.
    mutating func listed(_ pods: [Pod], at now: Moment) {
        let present = Set(pods.map(\.reference.uid))
        for place in entries.indices where !present.contains(entries[place].pod.reference.uid) {
            leftNode(place, at: now)
        }
        let known = listedAt == nil ? nil : entries.count
        for pod in pods { note(pod, at: now) }
        listedAt = listedAt ?? now
        sortQueue()
        guard let known else { return tell(.found(outcomes())) }
        for place in known..<entries.count { tellOutcome(of: place) }
    }

    /// The watch shows a pod, new or changed.
    mutating func podAppeared(_ pod: Pod, at now: Moment) {
        let count = entries.count
        note(pod, at: now)
        if entries.count > count {
            sortQueue()
            if isListed { tellOutcome(of: count) }
        }
    }

    /// The watch says that a pod's object is gone.
    mutating func podGone(_ reference: PodReference, at now: Moment) {
        if let place = places[reference.uid] { leftNode(place, at: now) }
    }

    private mutating func note(_ pod: Pod, at now: Moment) {
        let standing = terms.classifier.standing(of: pod)
        guard let place = places[pod.reference.uid] else {
            enter(pod, standing, at: now)
            return
        }
        guard !entries[place].isOut, !entries[place].isStaying else { return }
        entries[place].pod = pod
        switch standing {
        case .leaves(_, let wish):
            entries[place].wish = wish
            noteTermination(of: place, at: now)
        case .stays:
            // Who was to leave and has finished is out; the other reasons to stay do not come and go.
            if pod.isFinished { leftNode(place, at: now) }
        case .elsewhere:
            leftNode(place, at: now)
        }
    }

    private mutating func enter(_ pod: Pod, _ standing: Standing, at now: Moment) {
        // A new pod under a name that we know: the old one is out. The first list cannot have both.
        for place in entries.indices
        where isListed && !entries[place].isOut && entries[place].hasName(of: pod.reference) {
            leftNode(place, at: now)
        }
        var entry: PodEntry
        switch standing {
        case .elsewhere:
            return
        case .stays(let reason):
            entry = PodEntry(pod, phase: .staying(because: reason))
        case .leaves where !terms.strategy.movesPods:
            entry = PodEntry(pod, phase: .staying(because: "cordon-only"))
        case .leaves(let tier, let wish):
            entry = PodEntry(pod, phase: .waiting)
            entry.tier = tier
            entry.wish = wish
        }
        places[pod.reference.uid] = entries.count
        entries.append(entry)
        if !entry.isStaying { noteTermination(of: entries.count - 1, at: now) }
    }

    private mutating func noteTermination(of place: Int, at now: Moment) {
        let pod = entries[place].pod
        guard let text = pod.deletionTimestamp else { return }
        // The timestamp is the API server's clock, the grace its length: the earlier end of the two is wrong by the
        // clocks' difference at worst, and never too late by more than what has passed of the grace.
        let byLength = now.advanced(by: pod.deletionGracePeriod ?? pod.gracePeriod)
        let byClock = WallTime(rfc3339: text).map { terms.anchor.moment(at: $0) }
        entries[place].endIsKnown(min(byLength, byClock ?? byLength))
        guard !entries[place].isSeenTerminating else { return }
        entries[place].isSeenTerminating = true
        if entries[place].accepted == nil { entries[place].accepted = entries[place].unheard }
        guard entries[place].phase == .waiting else { return }
        entries[place].phase = .leaving
        entries[place].rest = nil
        if isListed { tellOutcome(of: place) }
    }

    private mutating func leftNode(_ place: Int, at now: Moment) {
        guard !entries[place].isOut, !entries[place].isStaying else { return }
        entries[place].phase = .out(at: now)
        tellOutcome(of: place)
    }

    private mutating func sortQueue() {
        queue = entries.indices.filter { !entries[$0].isStaying }.sorted { left, right in
            let (one, other) = (entries[left], entries[right])
            if one.tier != other.tier { return one.tier < other.tier }
            if one.pod.gracePeriod != other.pod.gracePeriod { return one.pod.gracePeriod > other.pod.gracePeriod }
            let (a, b) = (one.pod.reference, other.pod.reference)
            return (a.namespace, a.name, a.uid) < (b.namespace, b.name, b.uid)
        }
    }

    /// Every pod, those that were asked first in front, those that stay last.
    func outcomes() -> [PodOutcome] {
        let ordered = entries.indices.sorted { left, right in
            let (one, other) = (entries[left], entries[right])
            if one.isStaying != other.isStaying { return other.isStaying }
            return (one.turn ?? .max, left) < (other.turn ?? .max, right)
        }
        return ordered.map { entries[$0].outcome(escalates: escalates, since: terms.arrival) }
    }

    mutating func wasAccepted(at now: Moment) {
        lastAcceptedAt = now
    }
}

extension PodEntry {
    func hasName(of reference: PodReference) -> Bool {
        pod.reference.name == reference.name && pod.reference.namespace == reference.namespace
    }
}
