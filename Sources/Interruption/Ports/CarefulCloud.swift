/// A cloud that is asked with care: to detach only who is certainly lost, and to go on only when the volumes are off the machine. It stands
/// before every cloud, so that none has to know of it.
public struct CarefulCloud: CloudProvider {
    /// How long a hook waits for volumes, and whom it asks.
    public struct VolumeWait: Sendable {
        let volumes: any AttachedVolumes
        let limit: Duration
        let timeline: any Timeline
        let tell: @Sendable (VolumeNews) -> Void

        /// A wait of at most `limit` for `volumes`; `tell` must return at once.
        public init(
            for volumes: any AttachedVolumes, atMost limit: Duration, timeline: any Timeline,
            telling tell: @escaping @Sendable (VolumeNews) -> Void
        ) {
            self.volumes = volumes
            self.limit = limit
            self.timeline = timeline
            self.tell = tell
        }
    }

    private let cloud: any CloudProvider
    private let scope: DetachScope
    private let wait: VolumeWait

    /// Asks `cloud`.
    public init(_ cloud: any CloudProvider, detaching scope: DetachScope, waiting wait: VolumeWait) {
        self.cloud = cloud
        self.scope = scope
        self.wait = wait
    }

    /// The cloud's own name.
    public var name: String { cloud.name }
    /// The cloud's own sources.
    public var sources: [any InterruptionSource] { cloud.sources }
    /// What is known of the machine.
    public var knownIdentity: MachineIdentity { cloud.knownIdentity }
    /// The cloud's hook, completed with care.
    public var hook: (any TerminationHook)? {
        cloud.hook.map {
            VolumeWaitingHook(
                hook: $0, volumes: wait.volumes, limit: wait.limit, timeline: wait.timeline, tell: wait.tell)
        }
    }
    /// The cloud's group, asked within the scope.
    public var group: (any MachineGroup)? { cloud.group.map { ScopedGroup(group: $0, scope: scope) } }

    /// What the cloud knows this machine as.
    public func identity() async -> MachineIdentity {
        await cloud.identity()
    }
}
