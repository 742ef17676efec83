/// What a lab is made of.
public struct LabConfiguration: Sendable {
    /// The node that the lab pretends to take away.
    public var nodeName: String
    /// The instance behind the node.
    public var instance: SimulatedInstance
    /// How its metadata service may be asked.
    public var access: MetadataAccess
    /// Whether the metadata service closes the connection after each answer.
    public var metadataClosesConnections: Bool
    /// The Auto Scaling groups; the instance should be in one of them.
    public var groups: [AutoScalingGroup]
    /// The addresses to listen on.
    public var addresses: [String]
    /// The ports to listen on; a server that is not mentioned takes a free one.
    public var ports: [LabServerName: Int]
    /// Which of the servers run; Kubernetes also needs its service.
    public var serves: Set<LabServerName>
    /// The Kubernetes API, served by HTTPS and HTTP/2; nil leaves it out.
    public var kubernetes: (any LabService)?
    /// What runs as long as the lab does, for example a cluster's controllers; it is cancelled at the end.
    public var background: (@Sendable () async -> Void)?
    /// The token that the kubeconfig carries.
    public var kubernetesToken: String
    /// What time it is for everything simulated.
    public var clock: any WallClock
    /// Where everything random begins.
    public var seed: UInt64

    /// A spot node in a group with one termination hook, on free loopback ports, unless told otherwise.
    public init(
        nodeName: String = "ip-10-0-0-42.ec2.internal", instance: SimulatedInstance = SimulatedInstance(),
        access: MetadataAccess = .v2Only, metadataClosesConnections: Bool = true,
        groups: [AutoScalingGroup]? = nil, addresses: [String] = ["127.0.0.1"], ports: [LabServerName: Int] = [:],
        serves: Set<LabServerName> = Set(LabServerName.allCases), kubernetes: (any LabService)? = nil,
        kubernetesToken: String = "lab-token",
        clock: any WallClock = SystemWallClock(), seed: UInt64 = 1
    ) {
        self.nodeName = nodeName
        self.instance = instance
        self.access = access
        self.metadataClosesConnections = metadataClosesConnections
        self.groups =
            groups ?? [
                AutoScalingGroup(
                    name: "lab-nodes", desiredCapacity: 1,
                    instances: [
                        GroupInstance(
                            id: instance.id, availabilityZone: instance.availabilityZone, instanceType: instance.type)
                    ],
                    hooks: [LifecycleHook(name: "lab-drain", heartbeatTimeout: .seconds(300))])
            ]
        self.addresses = addresses
        self.ports = ports
        self.serves = serves
        self.kubernetes = kubernetes
        background = nil
        self.kubernetesToken = kubernetesToken
        self.clock = clock
        self.seed = seed
    }
}

/// The servers of a lab.
public enum LabServerName: String, Sendable, CaseIterable {
    /// Instance metadata.
    case metadata
    /// Auto Scaling and Security Token Service.
    case aws
    /// The credential agents of containers.
    case containers
    /// Notification channels.
    case webhooks
    /// The Kubernetes API.
    case kubernetes
    /// The lab's own control API.
    case control
}
