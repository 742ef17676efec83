/// Everything about AWS that a person can settle, with its defaults.
public struct AWSSettings: Sendable, Hashable {
    /// Where the instance metadata service is.
    public var endpoint: MetadataEndpoint
    /// Which of its two protocols may be used.
    public var tokens: TokenMode
    /// Which sources are on.
    public var sources: Set<AWSSource>
    /// How often the sources are read.
    public var cadence: Cadence
    /// From how long before its start on scheduled maintenance is a notice.
    public var leads: MaintenanceLeads
    /// How long rebalance advice stands that leads to no interruption, counted from its own time.
    public var rebalanceExpiry: Duration
    /// Deadlines where AWS names none.
    public var assumed: AssumedNotices
    /// Whether the machine is detached from its Auto Scaling group (desired capacity unchanged) when a notice stands.
    public var detaches: Bool
    /// Whether termination hooks of the group that are ours are held while the node is emptied, and completed then.
    public var completesHooks: Bool
    /// The termination hooks that are ours; empty: the only one that the group has.
    public var hookNames: [String]

    /// The documented defaults.
    public init(
        endpoint: MetadataEndpoint = .ipv4,
        tokens: TokenMode = .optional,
        sources: Set<AWSSource> = Set(AWSSource.allCases),
        cadence: Cadence = Cadence(),
        leads: MaintenanceLeads = MaintenanceLeads(),
        rebalanceExpiry: Duration = .seconds(3600),
        assumed: AssumedNotices = AssumedNotices(),
        detaches: Bool = false,
        completesHooks: Bool = true,
        hookNames: [String] = []
    ) {
        self.endpoint = endpoint
        self.tokens = tokens
        self.sources = sources
        self.cadence = cadence
        self.leads = leads
        self.rebalanceExpiry = rebalanceExpiry
        self.assumed = assumed
        self.detaches = detaches
        self.completesHooks = completesHooks
        self.hookNames = hookNames
    }
}

/// Whether IMDSv2's session tokens are used.
public enum TokenMode: String, Sendable, Hashable, CaseIterable {
    /// IMDSv2; IMDSv1 only when v2 cannot be had, loudly, and only as long.
    case optional
    /// IMDSv2, never v1.
    case required
    /// IMDSv1 only.
    case disabled
}

/// The places where EC2 announces interruptions.
public enum AWSSource: String, Sendable, Hashable, CaseIterable {
    /// Spot reclaims.
    case spot
    /// Rebalance recommendations.
    case rebalance
    /// Scheduled maintenance.
    case maintenance
    /// The Auto Scaling group's target lifecycle state.
    case scaleIn = "scale-in"
}

/// How often each path is read. AWS recommends 5 s; the service limits packets per machine, so faster than a second is not useful.
public struct Cadence: Sendable, Hashable {
    /// `spot/instance-action`.
    public var poll: Duration
    /// `spot/termination-time`; never slower than 5 s.
    public var terminationTime: Duration
    /// Rebalance and maintenance.
    public var advice: Duration
    /// The target lifecycle state.
    public var lifecycleState: Duration
    /// The spot paths of a machine that says that it is on-demand, where a spot notice can only be a mock's.
    public var onDemand: Duration

    /// The documented defaults; each at least 100 ms.
    public init(
        poll: Duration = .seconds(1),
        terminationTime: Duration = .seconds(5),
        advice: Duration = .seconds(5),
        lifecycleState: Duration = .seconds(5),
        onDemand: Duration = .seconds(5)
    ) {
        let floor = Duration.milliseconds(100)
        self.poll = max(floor, poll)
        self.terminationTime = max(floor, min(terminationTime, .seconds(5)))
        self.advice = max(floor, advice)
        self.lifecycleState = max(floor, lifecycleState)
        self.onDemand = max(self.poll, onDemand)
    }
}

/// Maintenance is announced weeks ahead; it becomes a notice this long before its start.
public struct MaintenanceLeads: Sendable, Hashable {
    /// For codes that are not named.
    public var standard: Duration
    /// By AWS's code, such as `system-reboot`.
    public var perCode: [String: Duration]

    /// 30 minutes for every code.
    public init(standard: Duration = .seconds(1800), perCode: [String: Duration] = [:]) {
        self.standard = standard
        self.perCode = perCode
    }

    /// The lead for that code.
    public func lead(for code: String) -> Duration {
        perCode[code] ?? standard
    }
}

/// How long we believe to have where AWS does not say.
public struct AssumedNotices: Sendable, Hashable {
    /// A spot interruption that is announced unreadably, when it is not known since when.
    public var spot: Duration
    /// A hibernation.
    ///
    /// Hibernation begins at once, without the two minutes: the guest's agent starts to write memory to disk as soon as it has read the
    /// announcement, and the pods freeze in the middle of what they do. The time in the announcement promises nothing. 30 s is the usual
    /// grace of a pod: long enough that a pod which stops properly can do so if the agent is slow, short enough that every pod is told to
    /// leave within a few seconds, budgets or not. It only tightens the announced time.
    public var hibernation: Duration
    /// Rebalance advice, from its own time; nothing is certain about it.
    public var rebalance: Duration
    /// A scale-in without a hook: the machine is stopped within about a minute.
    public var scaleIn: Duration
    /// A scale-in as long as it is not known how long a hook waits: longer than any hook's timeout, so that whatever comes to be known is
    /// earlier. Until then nobody is hurried, because nothing is gained: where nobody waits, the time is up before a hurry would help.
    public var unknownHook: Duration
    /// An announcement whose time has passed already while the machine still runs.
    public var overdue: Duration

    /// The documented defaults.
    public init(
        spot: Duration = .seconds(60),
        hibernation: Duration = .seconds(30),
        rebalance: Duration = .seconds(600),
        scaleIn: Duration = .seconds(60),
        unknownHook: Duration = .seconds(7800),
        overdue: Duration = .seconds(30)
    ) {
        self.spot = spot
        self.hibernation = hibernation
        self.rebalance = rebalance
        self.scaleIn = scaleIn
        self.unknownHook = unknownHook
        self.overdue = overdue
    }
}
