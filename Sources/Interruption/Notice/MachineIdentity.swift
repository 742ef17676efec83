/// What the cloud knows this machine as, for messages; every field may be unknown.
public struct MachineIdentity: Sendable, Hashable {
    /// Such as `i-0bb697ef2705e5b37`.
    public var instanceID: String?
    /// Such as `m5.large`.
    public var instanceType: String?
    /// Such as `eu-west-1a`.
    public var zone: String?
    /// Such as `eu-west-1`.
    public var region: String?
    /// Such as `spot` or `on-demand`.
    public var lifeCycle: String?

    /// Whether nothing is missing.
    public var isComplete: Bool {
        ![instanceID, instanceType, zone, region, lifeCycle].contains(nil)
    }

    /// An identity from its parts.
    public init(
        instanceID: String? = nil,
        instanceType: String? = nil,
        zone: String? = nil,
        region: String? = nil,
        lifeCycle: String? = nil
    ) {
        self.instanceID = instanceID
        self.instanceType = instanceType
        self.zone = zone
        self.region = region
        self.lifeCycle = lifeCycle
    }
}
