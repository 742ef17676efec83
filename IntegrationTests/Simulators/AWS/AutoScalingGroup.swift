/// A simulated Auto Scaling group.
public struct AutoScalingGroup: Sendable {
    /// Its name.
    public var name: String
    /// How many instances it should have.
    public var desiredCapacity: Int
    /// Its instances, the replacements it launched among them.
    public var instances: [GroupInstance]
    /// Its lifecycle hooks.
    public var hooks: [LifecycleHook]
    /// How long an instance is `Terminating` before its hooks begin to wait: a load balancer lets go of it first.
    public var deregistration = Duration.zero

    /// A group with all its parts.
    public init(name: String, desiredCapacity: Int, instances: [GroupInstance] = [], hooks: [LifecycleHook] = []) {
        self.name = name
        self.desiredCapacity = desiredCapacity
        self.instances = instances
        self.hooks = hooks
    }
}

/// An instance as its Auto Scaling group sees it.
public struct GroupInstance: Sendable {
    /// Its id.
    public var id: String
    /// Its lifecycle state in the API's words: `InService`, `Standby`, `Pending`, `Terminating:Wait`…
    public var lifecycleState: String
    /// Where it runs.
    public var availabilityZone: String
    /// What it is.
    public var instanceType: String
    /// `HEALTHY` or `UNHEALTHY`.
    public var healthStatus: String
    /// The lifecycle actions that wait for somebody to complete them.
    public var waiting: [LifecycleAction]
    /// The lifecycle actions that are over.
    public var ended: [LifecycleAction]
    /// When its hooks begin to wait; nil when that is not ahead.
    public var waitsFrom: WallTime?

    /// An instance in service, unless told otherwise.
    public init(
        id: String, lifecycleState: String = "InService", availabilityZone: String = "us-east-1a",
        instanceType: String = "m5.large", healthStatus: String = "HEALTHY"
    ) {
        self.id = id
        self.lifecycleState = lifecycleState
        self.availabilityZone = availabilityZone
        self.instanceType = instanceType
        self.healthStatus = healthStatus
        waiting = []
        ended = []
    }
}

/// A lifecycle hook: how long the group waits, and what it does when nobody answers.
public struct LifecycleHook: Sendable {
    /// Its name.
    public var name: String
    /// `autoscaling:EC2_INSTANCE_TERMINATING` or `autoscaling:EC2_INSTANCE_LAUNCHING`.
    public var transition: String
    /// How long it waits for the next heartbeat.
    public var heartbeatTimeout: Duration
    /// `CONTINUE` or `ABANDON`.
    public var defaultResult: String

    /// The longest wait in all: 48 hours or a hundred heartbeats, whichever is less.
    public var globalTimeout: Duration { min(.seconds(48 * 3600), heartbeatTimeout * 100) }

    /// A hook on termination, unless told otherwise.
    public init(
        name: String, transition: String = "autoscaling:EC2_INSTANCE_TERMINATING",
        heartbeatTimeout: Duration = .seconds(3600), defaultResult: String = "ABANDON"
    ) {
        self.name = name
        self.transition = transition
        self.heartbeatTimeout = heartbeatTimeout
        self.defaultResult = defaultResult
    }
}

/// One wait of one hook for one instance.
public struct LifecycleAction: Sendable {
    /// The hook that waits.
    public var hookName: String
    /// The action's own id, accepted in place of the instance's.
    public var token: String
    /// When the wait began.
    public var start: WallTime
    /// When the hook gives up, unless a heartbeat comes.
    public var deadline: WallTime
    /// How many heartbeats came.
    public var heartbeats: Int
    /// `CONTINUE` or `ABANDON`; nil while it waits.
    public var result: String?
    /// Whether it ended because nobody answered.
    public var timedOut: Bool
}
