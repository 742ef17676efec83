/// A cloud, as the core needs it: what it announces, what it knows of this machine, and what it wants to be told.
public protocol CloudProvider: Sendable {
    /// The provider's name as on the command line, such as `aws`.
    var name: String { get }
    /// Where it announces interruptions.
    var sources: [any InterruptionSource] { get }
    /// What the cloud waits for; `nil` when it never waits.
    var hook: (any TerminationHook)? { get }
    /// The group that can be told to replace this machine at once; `nil` when that is not wanted.
    var group: (any MachineGroup)? { get }

    /// What is known by now of what the cloud calls this machine; nothing is asked.
    var knownIdentity: MachineIdentity { get }

    /// What the cloud knows this machine as; unknown fields are `nil`, and waiting is bounded by a few seconds.
    func identity() async -> MachineIdentity
}

extension CloudProvider {
    /// Nothing.
    public var knownIdentity: MachineIdentity { MachineIdentity() }
}

/// A cloud that waits for our word before it takes the machine (an Auto Scaling lifecycle hook).
public protocol TerminationHook: Sendable {
    /// Keeps the cloud waiting while the drain runs; ends when the task is cancelled, the hook is gone, or `deadline` has come.
    func hold(for notice: Notice, until deadline: Deadline) async

    /// Tells the cloud to go on; tries again until it was heard, the hook is gone, or `deadline` has come.
    func complete(for notice: Notice, until deadline: Deadline) async -> CloudOutcome
}

/// The group that keeps the number of machines.
public protocol MachineGroup: Sendable {
    /// Takes this machine out of its group, whose desired capacity stays, so that a replacement starts at once; `notice` says why.
    func detach(for notice: Notice, until deadline: Deadline) async -> CloudOutcome
}

/// How a request to the cloud ended.
public enum CloudOutcome: Sendable, Hashable {
    /// Done, in words for people.
    case done(String)
    /// There was nothing to do, and why; not a failure.
    case notNeeded(String)
    /// It could not be done; the cloud's own code and message.
    case failed(String)
    /// Nothing was asked, because it is a dry run; what would have been, in words for people.
    case rehearsed(String)
}
