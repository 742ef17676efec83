import Interruption
import Kubernetes

/// What the ledger knows of one pod.
struct PodEntry: Sendable {
    /// Where a pod is on its way.
    enum Phase: Sendable, Hashable {
        /// It does not leave, and why. Next: none.
        case staying(because: String)
        /// Nobody asked it to leave with success. Next: leaving, out.
        case waiting
        /// It was asked to leave, by us or somebody else, and is not out. Next: out.
        case leaving
        /// Deleted, finished, or another pod has its name. Next: none.
        case out(at: Moment)
    }

    /// How a pod was asked.
    enum Manner: Sendable, Hashable {
        case eviction
        case deletion
    }

    /// A pause before the next request.
    struct Rest: Sendable, Hashable {
        var until: Moment
        /// Whether it ends early when the pod's own time comes.
        var endsAtOwnTime: Bool
        /// Whether it was for want of an answer, so that it ends as soon as the server answers anybody.
        var isSilence: Bool
    }

    /// The latest refusal.
    struct Refusal: Sendable, Hashable {
        var cause: RetryCause
        /// In words for people.
        var detail: String
    }

    var pod: Pod
    var tier = Tier.ordinary
    var wish: String?
    /// When it wants to be asked.
    var leave: Leave?
    var phase: Phase
    var inFlight: LeaveRequest?
    var isAbandoned = false
    var rest: Rest?
    var refusal: Refusal?
    /// What its budget said when it refused last; stays, whatever is refused later.
    var budget: String?
    /// Under which cause the next request counts as made again.
    var owedRetry: RetryCause?
    /// Refusals in a row.
    var refusals = 0
    var hurdle: EvictionHurdle?
    /// How it was asked with success, the first time.
    var accepted: Manner?
    /// How it was asked without an answer: it may have been heard.
    var unheard: Manner?
    /// The latest grace that was granted, in seconds.
    var grace: Int?
    var escalated = false
    /// The latest accepted request.
    var acceptedAt: Moment?
    /// The first accepted request, and the first that was refused.
    var firstAcceptedAt: Moment?
    var firstRefusedAt: Moment?
    /// When its grace runs out.
    var endsAt: Moment?
    /// Whether the API server showed it to be terminating.
    var isSeenTerminating = false
    /// Whether the condition `DisruptionTarget` was tried.
    var isNoted = false
    /// Whether it counts as moved by us with its owner.
    var isMoved = false
    /// For the how manieth time its place was taken again after we had moved who was there; `nil` when it was not.
    var round: Int?
    /// The same in words for people.
    var returnWords: String?
    /// When it was first evicted; a budget's share of the time counts from here.
    var firstEvictedAt: Moment?
    /// Whether we may not evict it, so that nothing is won by waiting.
    var isEvictionForbidden = false
    /// Whether its DELETE was turned down for good, so that an eviction is tried next.
    var isDeletionBarred = false
    /// Whether the API server itself said that its object is gone; an answer to a request is less than that.
    var isSeenGone = false
    /// Its place among those that were asked.
    var turn: Int?
    /// When it was seen first.
    let since: Moment

    init(_ pod: Pod, phase: Phase, at now: Moment) {
        self.pod = pod
        self.phase = phase
        since = now
    }

    /// Who brings it back.
    var owner: PodOwner { PodOwner(of: pod) }

    /// Whether it came back more than once: it is left until its own time, and nobody waits for it.
    var comesBack: Bool { (round ?? 0) > 0 && turn == nil }

    var isOut: Bool {
        if case .out = phase { true } else { false }
    }

    var isStaying: Bool {
        if case .staying = phase { true } else { false }
    }

    /// Whether the drain has to wait for it: it leaves, is not out, and its own wish does not keep it for good.
    func isAwaited(escalates: Bool) -> Bool {
        switch phase {
        case .staying, .out: false
        case .leaving: true
        case .waiting: (wish == nil || escalates) && !comesBack
        }
    }

    /// From when on it is deleted: its own time; where that was past when it was first evicted, not before its budget had
    /// a share of the time that was left.
    func ownTime(by plan: GracePlan, volumeMargin: Duration) -> Moment {
        let ownTime = plan.ownTime(forGrace: plan.full(for: pod.gracePeriod))
            .advanced(by: .zero - (pod.hasAttachableVolumes ? volumeMargin : .zero))
        // Where an eviction cannot work, nothing is won by asking longer.
        guard hurdle == nil, !isEvictionForbidden, let firstEvictedAt, ownTime < firstEvictedAt else { return ownTime }
        let full = plan.full(for: pod.gracePeriod)
        return plan.grace(upTo: full, at: firstEvictedAt) < full ? plan.endOfShare(from: firstEvictedAt) : ownTime
    }

    /// Whether its budget or its own wish is what kept it.
    var isKept: Bool { budget != nil || wish != nil }

    /// Notes that its grace runs out at `moment`, unless it does so sooner already: a grace can only be shortened.
    mutating func endIsKnown(_ moment: Moment) {
        endsAt = min(endsAt ?? moment, moment)
    }
}

extension PodEntry {
    /// What became of it, as it stands.
    func outcome(escalates: Bool, since arrival: Moment) -> PodOutcome {
        var outcome = PodOutcome(
            namespace: pod.reference.namespace, name: pod.reference.name, uid: pod.reference.uid, fate: .waiting,
            escalated: escalated, grace: grace.map { .seconds($0) })
        outcome.asked = firstAcceptedAt.map { arrival.duration(to: $0) }
        outcome.refused = firstRefusedAt.map { arrival.duration(to: $0) }
        switch phase {
        case .staying(let reason):
            outcome.fate = .skipped
            outcome.detail = reason
        case .out(let moment):
            outcome.took = arrival.duration(to: moment)
            outcome.fate =
                switch accepted ?? unheard {
                case .eviction: .evicted
                case .deletion: .deleted
                case nil: .gone
                }
            outcome.detail = deletionReason
        case .leaving:
            outcome.fate = .terminating
            outcome.detail = pod.finalizers.isEmpty ? deletionReason : "finalizers: \(finalizerWords)"
        case .waiting:
            if comesBack {
                outcome.detail = wish ?? returnWords
            } else if let wish, refusal == nil {
                outcome.fate = escalates ? .waiting : .skipped
                outcome.detail = wish
            } else if let refusal {
                outcome.fate = refusal.cause == .budget ? .blocked : .failed
                outcome.detail = refusal.detail
            }
        }
        return outcome
    }

    /// What stood in the way of a pod that was deleted.
    private var deletionReason: String? {
        if escalated { return budget ?? wish }
        return accepted == .deletion ? refusal?.detail ?? wish : nil
    }

    private var finalizerWords: String {
        pod.finalizers.prefix(4).joined(separator: ", ")
    }
}
