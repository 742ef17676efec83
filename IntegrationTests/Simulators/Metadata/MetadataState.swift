/// What the metadata service says about an instance now.
public struct MetadataState: Sendable {
    /// The instance.
    public var instance: SimulatedInstance
    /// Who may ask, and how.
    public var access: MetadataAccess
    /// The spot interruption notice; nil while there is none.
    public var spot: SpotNotice?
    /// What `spot/termination-time` says, if something else than follows from the notice.
    public var terminationTime: String?
    /// When the rebalance recommendation was made; nil while there is none.
    public var rebalance: WallTime?
    /// The scheduled events that stand.
    public var maintenance: [MaintenanceEvent]
    /// The scheduled events that are over.
    public var maintenanceHistory: [MaintenanceEvent]
    /// The Auto Scaling group's target for this instance; nil before its first transition.
    public var targetLifecycleState: String?
    /// The instance profile's role.
    public var role: Role
    /// Answers to exact paths below `/latest/`, whatever the rest says: `meta-data/spot/instance-action`.
    public var overrides: [String: String]

    /// The role of the instance profile.
    public enum Role: Sendable, Hashable {
        /// There is no instance profile.
        case none
        /// A role with that name, whose credentials work for that long.
        case named(String, lifetime: Duration)
        /// A role whose credentials cannot be had: status 200 with a code and a message.
        case failing(String, code: String, message: String)
    }

    /// A spot interruption notice.
    public struct SpotNotice: Sendable, Hashable {
        /// `terminate`, `stop` or `hibernate`.
        public var action: String
        /// When it happens.
        public var time: WallTime

        /// A notice with both its parts.
        public init(action: String = "terminate", time: WallTime) {
            self.action = action
            self.time = time
        }
    }

    /// An instance that nobody wants anything of.
    public init(instance: SimulatedInstance = SimulatedInstance(), access: MetadataAccess = .v2Only) {
        self.instance = instance
        self.access = access
        maintenance = []
        maintenanceHistory = []
        role = .named("lab-node-role", lifetime: .seconds(21600))
        overrides = [:]
    }

    /// Ends a scheduled event: it leaves the list and appears in the history with that state.
    public mutating func endMaintenance(_ id: String, as state: String = "completed") {
        guard let index = maintenance.firstIndex(where: { $0.id == id }) else { return }
        var event = maintenance.remove(at: index)
        event.state = state
        maintenanceHistory.append(event)
    }

    /// Takes every notice back, as if none had ever been given.
    public mutating func withdrawAll() {
        spot = nil
        terminationTime = nil
        rebalance = nil
        maintenance = []
        targetLifecycleState = nil
    }
}
