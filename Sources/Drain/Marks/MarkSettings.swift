public import Interruption

/// Which marks a drain leaves for others to see. Only the record is not optional; none of them ever delays a drain.
public struct MarkSettings: Sendable, Hashable {
    /// The annotation on the Node that holds the record.
    public static let recordKey = "interruption-handler.io/record"
    /// The label that makes cloud load balancers leave a node out
    /// (https://kubernetes.io/docs/reference/labels-annotations-taints/#node-kubernetes-io-exclude-from-external-load-balancers).
    public static let exclusionKey = "node.kubernetes.io/exclude-from-external-load-balancers"

    /// Taints on the Node by kind of notice; none for a kind that is not there.
    public var taints: [NoticeKind: TaintMark]
    /// For which kinds of notice the Node gets the label that takes it out of cloud load balancers.
    public var excludesFromLoadBalancers: Set<NoticeKind>
    /// Whether the Node gets the conditions `DrainInProgress`, `Drained` and `MaintenancePlanned` (names of KEP-5683).
    public var conditions: Bool
    /// Whether Kubernetes Events about the Node are written, two per drain at most.
    public var nodeEvents: Bool
    /// Whether an Event is written about each pod that is asked to leave: one more request per pod.
    public var podEvents: Bool

    /// Settings from their parts, with the documented defaults.
    public init(
        taints: [NoticeKind: TaintMark] = [:],
        excludesFromLoadBalancers: Set<NoticeKind> = [.scaleIn],
        conditions: Bool = false,
        nodeEvents: Bool = true,
        podEvents: Bool = false
    ) {
        self.taints = taints
        self.excludesFromLoadBalancers = excludesFromLoadBalancers
        self.conditions = conditions
        self.nodeEvents = nodeEvents
        self.podEvents = podEvents
    }
}

/// A taint to be put on the Node.
public struct TaintMark: Sendable, Hashable {
    /// The key, such as `interruption-handler.io/reclaim`.
    public var key: String
    /// The value; `nil` for the notice's id.
    public var value: String?
    /// What it does to pods that do not tolerate it.
    public var effect: TaintEffect

    /// A taint from its parts.
    public init(key: String, value: String? = nil, effect: TaintEffect = .noSchedule) {
        self.key = key
        self.value = value
        self.effect = effect
    }
}

/// What a taint does.
public enum TaintEffect: String, Sendable, Hashable, CaseIterable {
    /// Keeps new pods away.
    case noSchedule = "NoSchedule"
    /// Keeps new pods away while there is room elsewhere.
    case preferNoSchedule = "PreferNoSchedule"
    /// Removes the pods that are there, budgets unasked; so it is put on when the drain is over, or shortly before the
    /// end, for those that the drain did not move.
    case noExecute = "NoExecute"
}

extension MarkSettings {
    /// One taint per kind under our own keys, `interruption-handler.io/KIND`.
    public static func ownTaints(effect: TaintEffect = .noSchedule) -> [NoticeKind: TaintMark] {
        Dictionary(
            uniqueKeysWithValues: NoticeKind.allCases.map {
                ($0, TaintMark(key: "interruption-handler.io/\($0.rawValue)", effect: effect))
            })
    }

    /// One taint per kind under the keys of aws-node-termination-handler, for workloads that tolerate or alert on
    /// those.
    public static func referenceTaints(effect: TaintEffect = .noSchedule) -> [NoticeKind: TaintMark] {
        let names: [NoticeKind: String] = [
            .reclaim: "spot-itn", .maintenance: "scheduled-maintenance", .scaleIn: "asg-lifecycle-termination",
            .rebalance: "rebalance-recommendation",
        ]
        return names.mapValues { TaintMark(key: "aws-node-termination-handler/\($0)", effect: effect) }
    }
}
