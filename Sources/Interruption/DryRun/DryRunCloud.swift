/// A cloud that is listened to and asked nothing that would change anything: whatever the cloud, its hook and its group are
/// only told of.
public struct DryRunCloud: CloudProvider {
    private let cloud: any CloudProvider
    private let tell: @Sendable (String) -> Void

    /// Listens to `cloud`; each request that would have been made is told in words to `tell`, which must return at once.
    public init(_ cloud: any CloudProvider, telling tell: @escaping @Sendable (String) -> Void) {
        self.cloud = cloud
        self.tell = tell
    }

    /// The cloud's own name.
    public var name: String { cloud.name }
    /// The cloud's own sources: what is announced is real.
    public var sources: [any InterruptionSource] { cloud.sources }
    /// What is known of the machine.
    public var knownIdentity: MachineIdentity { cloud.knownIdentity }
    /// A hook that is neither held nor completed.
    public var hook: (any TerminationHook)? { cloud.hook.map { _ in DryRunHook(tell: tell) } }
    /// A group that nothing is taken out of.
    public var group: (any MachineGroup)? { cloud.group.map { _ in DryRunGroup(tell: tell) } }

    /// What the cloud knows this machine as.
    public func identity() async -> MachineIdentity {
        await cloud.identity()
    }
}

private struct DryRunHook: TerminationHook {
    let tell: @Sendable (String) -> Void

    func hold(for notice: Notice, until deadline: Deadline) async {
        tell("would keep the cloud waiting until \(deadline.wall.rfc3339)")
    }

    func complete(for notice: Notice, until deadline: Deadline) async -> CloudOutcome {
        let words = "would tell the cloud to go on"
        tell(words)
        return .rehearsed(words)
    }
}

private struct DryRunGroup: MachineGroup {
    let tell: @Sendable (String) -> Void

    func detach(for notice: Notice, until deadline: Deadline) async -> CloudOutcome {
        let words = "would detach this machine from its group"
        tell(words)
        return .rehearsed(words)
    }
}
