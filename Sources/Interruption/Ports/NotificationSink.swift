/// Tells people. It has a lane of its own: nothing here may delay a drain.
public protocol NotificationSink: Sendable {
    /// Takes a message over for sending; returns at once. What does not fit into the lane is dropped and counted.
    func post(_ notification: Notification)

    /// Waits until what was taken over is sent, given up or too old, at most until `moment`.
    func finish(by moment: Moment) async
}

/// A message for people.
public struct Notification: Sendable, Hashable {
    /// What happened.
    public let event: Event
    /// This node's name.
    public let nodeName: String
    /// The cluster's name, when somebody set it.
    public let cluster: String?
    /// What the cloud knows this machine as.
    public let machine: MachineIdentity
    /// When it happened.
    public let time: WallTime
    /// The moment after which sending is pointless; `nil` when it stays of use.
    public let expiry: Moment?
    /// Whether it is a dry run that tells this: nothing happens to the node, and nothing is asked of the cloud.
    public private(set) var isRehearsal = false

    /// What a message is about.
    public enum Event: Sendable, Hashable {
        /// A notice was seen; with the plan, and the time that is left.
        case seen(Plan, timeLeft: Duration)
        /// The drain ended.
        case outcome(Report)
        /// The notice was taken back. The node is given back, but for what could not be undone; or it stays as it is because of `standing`.
        case withdrawn(Notice, because: String, leftovers: [String], standing: Notice?)
        /// A test, sent by a person to check the configuration.
        case test
    }

    /// A notification from its parts.
    public init(
        event: Event,
        nodeName: String,
        cluster: String?,
        machine: MachineIdentity,
        time: WallTime,
        expiry: Moment? = nil
    ) {
        self.event = event
        self.nodeName = nodeName
        self.cluster = cluster
        self.machine = machine
        self.time = time
        self.expiry = expiry
    }

    /// The same message, as a dry run tells it; a person's test stays what it is.
    public var rehearsed: Notification {
        guard event != .test else { return self }
        var other = self
        other.isRehearsal = true
        return other
    }

    /// The notice that both messages of a pair share; `nil` for a test.
    public var notice: Notice? {
        switch event {
        case .seen(let plan, _): plan.notice
        case .outcome(let report): report.notice
        case .withdrawn(let notice, _, _, _): notice
        case .test: nil
        }
    }
}
