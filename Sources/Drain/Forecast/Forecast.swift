public import Interruption
public import Kubernetes

/// What a drain would meet: each pod with its turn, its grace, and who would stand in its way. Plain values, for people
/// and machines.
public struct Forecast: Sendable, Hashable {
    /// The node.
    public var nodeName: String
    /// How the node would be emptied.
    public var strategy: Strategy
    /// How long the drain would have.
    public var timeLeft: Duration
    /// The pods in the order in which they would be asked, those that stay last.
    public var pods: [PodForecast]
    /// How many volumes are attached to the node now; `nil` when no pod that leaves has any, or when that was not told.
    public var volumesAttached: Int?

    /// Whether every pod that leaves would be out in time with its whole grace.
    public var isSmooth: Bool {
        pods.allSatisfy { $0.prospect == .stays || $0.prospect == .leaves }
    }

    /// How many pods have that prospect.
    public func count(_ prospect: PodForecast.Prospect) -> Int {
        pods.count { $0.prospect == prospect }
    }
}

/// What a drain would mean for one pod.
public struct PodForecast: Sendable, Hashable {
    /// Which pod.
    public var pod: PodReference
    /// In which turn it would leave; `nil` when it stays.
    public var tier: Tier?
    /// The grace that it would get when asked at once.
    public var grace: Duration?
    /// From now to the moment at which it would be deleted if it were still there; `nil` when it never would be.
    public var escalatesIn: Duration?
    /// What the API server, the pod's own wish or its owner has to say, in words for people.
    public var detail: String?
    /// What would become of it.
    public var prospect: Prospect

    /// What can become of a pod.
    public enum Prospect: String, Sendable, Hashable, CaseIterable {
        /// It leaves at once, with its whole grace.
        case leaves
        /// It leaves at once, but the time is too short for its whole grace.
        case leavesInHaste = "leaves-in-haste"
        /// It is refused now; unless that changes it is deleted when its own time comes, with its whole grace.
        case escalates
        /// It is refused now, and what would be left for its grace is less than it wants.
        case escalatesInHaste = "escalates-in-haste"
        /// It is refused now, and unless that changes it is still there in the end.
        case blocked
        /// It does not leave.
        case stays
    }
}

extension Forecast {
    /// A forecast for pods whose evictions were tried with those answers (`nil`: it would be accepted), by uid. Pure.
    init(
        nodeName: String, pods: [Pod], answers: [String: KubernetesError?], plan: Plan, classifier: PodClassifier,
        volumeMargin: Duration = .zero, at now: Moment
    ) {
        let gracePlan = GracePlan(plan, deadline: plan.notice.deadline)
        self.nodeName = nodeName
        strategy = plan.strategy
        timeLeft = plan.notice.deadline.timeLeft(at: now)
        self.pods = pods.compactMap { pod in
            let answer = answers[pod.reference.uid] ?? nil
            let earlier = pod.hasAttachableVolumes && !plan.notice.hasHook ? volumeMargin : .zero
            return PodForecast(pod, classifier.standing(of: pod), answer, plan, gracePlan, earlier, at: now)
        }.sorted(by: PodForecast.comesBefore)
    }
}

extension PodForecast {
    fileprivate init?(
        _ pod: Pod, _ standing: Standing, _ answer: KubernetesError?, _ plan: Plan, _ gracePlan: GracePlan,
        _ earlier: Duration, at now: Moment
    ) {
        switch standing {
        case .elsewhere:
            return nil
        case .stays(let reason):
            self.init(pod: pod.reference, detail: reason, prospect: .stays)
        case .leaves(let tier, let wish):
            guard plan.strategy != .cordonOnly else {
                self.init(pod: pod.reference, tier: tier, detail: "cordon-only", prospect: .stays)
                return
            }
            let full = gracePlan.full(for: pod.gracePeriod)
            let ownTime = gracePlan.ownTime(forGrace: full).advanced(by: .zero - earlier)
            let grace = gracePlan.grace(upTo: full, at: now)
            let hurdle = wish ?? (plan.strategy == .evict ? answer?.words : nil)
            let isInHaste = grace < full
            let isForced = hurdle != nil && plan.escalates
            self.init(
                pod: pod.reference, tier: tier, grace: .seconds(grace),
                escalatesIn: plan.escalates ? max(.zero, now.duration(to: ownTime)) : nil, detail: hurdle,
                prospect: hurdle == nil
                    ? isInHaste ? .leavesInHaste : .leaves
                    : isForced ? isInHaste ? .escalatesInHaste : .escalates : .blocked)
        }
    }

    fileprivate static func comesBefore(_ left: PodForecast, _ right: PodForecast) -> Bool {
        let turns = (left.turn, right.turn)
        if turns.0 != turns.1 { return turns.0 < turns.1 }
        if left.grace != right.grace { return left.grace ?? .zero > right.grace ?? .zero }
        return (left.pod.namespace, left.pod.name) < (right.pod.namespace, right.pod.name)
    }

    private var turn: Int {
        guard prospect != .stays else { return 2 }
        return tier == .critical ? 1 : 0
    }
}
