/// How a pod lives and dies under the simulated kubelet.
public struct PodBehaviour: Sendable {
    /// What happens when the pod is told to stop.
    public enum Stop: Sendable {
        /// Its containers end that long after they were told, or are killed when the grace is over.
        case after(Duration)
        /// It ignores the request and is killed when the grace is over.
        case whenKilled
        /// It never ends, as under a dead kubelet or a volume that hangs.
        case never
    }
    /// What happens when the pod is told to stop.
    public var stop: Stop
    /// How long it takes from being bound to a node until it is Running and Ready.
    public var readyAfter: Duration
    /// After how long it succeeds by itself once it runs; nil when it serves for ever.
    public var completesAfter: Duration?
    /// Whether it ends with exit code 0 when it stops as told; if not, a Job counts that as a failure and tries again.
    public var exitsCleanly = true

    /// A behaviour; by default a pod that stops half a second after it was told.
    public init(
        stop: Stop = .after(.milliseconds(500)), readyAfter: Duration = .seconds(1), completesAfter: Duration? = nil
    ) {
        self.stop = stop
        self.readyAfter = readyAfter
        self.completesAfter = completesAfter
    }
}

/// How long an eviction takes before it is answered.
public enum EvictionLatency: Sendable {
    /// No longer than the simulator needs.
    case none
    /// That long, each on its own.
    case each(Duration)
    /// Until the next tick: 0.1 s imitates the real server, whose list of budgets waits for etcd's progress tick after
    /// any write, so that one eviction after the other takes 100 ms each and fifty at once take as long as one.
    case untilNextTick(Duration)
}

/// What can be set about the simulated control plane; durations are in the cluster's own time.
public struct ClusterSettings: Sendable {
    /// From a change of pods until the disruption controller has updated the budgets; nil while it is stopped.
    public var disruptionDelay: Duration? = .milliseconds(50)
    /// From the loss of a pod until its workload creates another.
    public var replacementDelay: Duration = .milliseconds(200)
    /// From the end of a Job's pod until the job controller removes its finalizer.
    public var jobReleaseDelay: Duration = .milliseconds(200)
    /// From a change of `unschedulable` until the node has the taint that goes with it; nil to leave taints alone.
    public var taintDelay: Duration? = .milliseconds(50)
    /// How pods behave that no builder described.
    public var podBehaviour = PodBehaviour()
    /// How long an eviction takes before it is answered.
    public var evictionLatency = EvictionLatency.none
    /// From reading a budget until it is written for an eviction; who finds it changed then sleeps half a second and
    /// begins again, as in the real server (7 ms or so). Nil to do both at once.
    public var budgetRace: Duration?
    /// How many events a watch of one node's pods keeps for a reader that is slow, and for how long: the real server
    /// keeps about ten for some tens of milliseconds, and closes the watch then. Nil for any number.
    public var watchBuffer: (events: Int, patience: Duration)?
    /// How many requests, watches aside, may be under way before the next is refused; nil for any number.
    public var maxInFlight: Int?
    /// The time between two bookmarks of a watch that allows them.
    public var bookmarkInterval: Duration = .seconds(60)
    /// How long a watch lives that does not say it itself.
    public var watchTimeout: Duration = .seconds(1800)
    /// How long a list may be continued.
    public var continueLifetime: Duration = .seconds(300)
    /// How long a token still works after the pod that it is bound to is gone (measured: 10 s).
    public var boundTokenLifetime: Duration = .seconds(10)
    /// Users of that name are held to their own node by admission policies; nil without such policies.
    public var ownNodePolicyUser: String?
    /// How far the `Date` of every answer is off the cluster's own time; nil to send none.
    public var dateOffset: Duration? = .zero
    /// What `/version` says.
    public var version = "v1.36.2"

    /// The settings of an idle, healthy cluster.
    public init() {}
}
