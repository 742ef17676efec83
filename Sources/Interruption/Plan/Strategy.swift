/// How a node is emptied.
public enum Strategy: String, Sendable, Hashable, CaseIterable {
    /// Through the eviction API, which honours PodDisruptionBudgets, until a pod's own time has come.
    case evict
    /// By deleting the pods; budgets are not asked.
    case delete
    /// No pod is moved; new ones are kept away.
    case cordonOnly = "cordon-only"
}

/// Which strategy answers which kind of notice; `nil` for a kind that is ignored.
public struct StrategySelection: Sendable, Hashable {
    private var fallback: Strategy
    private var perKind: [NoticeKind: Strategy?]

    /// `fallback` for every kind that `perKind` does not name; `nil` there means: ignore notices of that kind.
    public init(fallback: Strategy = .evict, perKind: [NoticeKind: Strategy?] = [.rebalance: .cordonOnly]) {
        self.fallback = fallback
        self.perKind = perKind
    }

    /// The strategy for that kind, `nil` when it is to be ignored.
    public func strategy(for kind: NoticeKind) -> Strategy? {
        perKind[kind] ?? fallback
    }
}

/// What a person settled about every drain.
public struct DrainPolicy: Sendable, Hashable {
    /// Which strategy answers which kind.
    public var strategies: StrategySelection
    /// Whether pods whose budget refuses are deleted when their own time has come.
    public var escalates: Bool
    /// An upper bound for each pod's grace; `nil` leaves the pod's own.
    public var graceLimit: Duration?
    /// Time kept free before the deadline.
    public var margin: Duration

    /// A policy from its parts, with the documented defaults.
    public init(
        strategies: StrategySelection = StrategySelection(),
        escalates: Bool = true,
        graceLimit: Duration? = nil,
        margin: Duration = .seconds(5)
    ) {
        self.strategies = strategies
        self.escalates = escalates
        self.graceLimit = graceLimit
        self.margin = margin
    }

    /// What to do about `notice`; `nil` when its kind is ignored.
    public func plan(for notice: Notice) -> Plan? {
        strategies.strategy(for: notice.kind).map {
            Plan(
                notice: notice, strategy: $0, escalates: escalates, graceLimit: graceLimit, margin: margin)
        }
    }
}

/// What was decided for a notice.
public struct Plan: Sendable, Hashable {
    /// The notice that is answered.
    public let notice: Notice
    /// How the node is emptied.
    public let strategy: Strategy
    /// Whether pods whose budget refuses are deleted when their own time has come.
    public let escalates: Bool
    /// An upper bound for each pod's grace; `nil` leaves the pod's own.
    public let graceLimit: Duration?
    /// Time kept free before the deadline.
    public let margin: Duration

    /// A plan from its parts.
    public init(notice: Notice, strategy: Strategy, escalates: Bool, graceLimit: Duration?, margin: Duration) {
        self.notice = notice
        self.strategy = strategy
        self.escalates = escalates
        self.graceLimit = graceLimit
        self.margin = margin
    }

    /// The same plan for a notice whose deadline may have been tightened.
    public func following(_ notice: Notice) -> Plan {
        Plan(notice: notice, strategy: strategy, escalates: escalates, graceLimit: graceLimit, margin: margin)
    }
}
