/// A path of the instance metadata service, below `/latest/meta-data/`.
struct MetadataPath: Sendable, Hashable {
    /// The path as the service knows it.
    let rawValue: String
    /// The path for logs and metrics, without names that differ from machine to machine.
    let label: String

    /// A path whose label is itself.
    init(_ rawValue: String) {
        self.init(rawValue, label: rawValue)
    }

    /// A path with a label of its own.
    init(_ rawValue: String, label: String) {
        self.rawValue = rawValue
        self.label = label
    }

    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
    static let spotInstanceAction = MetadataPath("spot/instance-action")
    static let spotTerminationTime = MetadataPath("spot/termination-time")
    static let rebalance = MetadataPath("events/recommendations/rebalance")
    static let maintenance = MetadataPath("events/maintenance/scheduled")
    static let targetLifecycleState = MetadataPath("autoscaling/target-lifecycle-state")
    static let instanceLifeCycle = MetadataPath("instance-life-cycle")
    static let instanceID = MetadataPath("instance-id")
    static let instanceType = MetadataPath("instance-type")
    static let zone = MetadataPath("placement/availability-zone")
    static let region = MetadataPath("placement/region")
    static let domain = MetadataPath("services/domain")
    static let roles = MetadataPath("iam/security-credentials/")

    /// The credentials of that role.
    static func credentials(ofRole role: String) -> MetadataPath {
        MetadataPath(roles.rawValue + role, label: "iam/security-credentials/role")
    }
}
