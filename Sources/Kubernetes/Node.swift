/// A node, as far as we read it.
public struct Node: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The uid.
    public var uid: String
    /// The version that a conditional change names.
    public var resourceVersion: String
    /// `spec.unschedulable`.
    public var isUnschedulable: Bool
    /// `spec.taints`.
    public var taints: [Taint]
    /// `metadata.labels`.
    public var labels: [String: String]
    /// `metadata.annotations`.
    public var annotations: [String: String]
    /// `status.nodeInfo.bootID`.
    public var bootID: String?
    /// The status of the condition `Ready` is `True`.
    public var isReady: Bool
    /// `spec.providerID`.
    public var providerID: String?
    /// The names in `status.volumesAttached`.
    public var volumesAttached: [String]

    /// A node from its parts.
    public init(
        name: String,
        uid: String = "",
        resourceVersion: String = "",
        isUnschedulable: Bool = false,
        taints: [Taint] = [],
        labels: [String: String] = [:],
        annotations: [String: String] = [:],
        bootID: String? = nil,
        isReady: Bool = true,
        providerID: String? = nil,
        volumesAttached: [String] = []
    ) {
        self.name = name
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.isUnschedulable = isUnschedulable
        self.taints = taints
        self.labels = labels
        self.annotations = annotations
        self.bootID = bootID
        self.isReady = isReady
        self.providerID = providerID
        self.volumesAttached = volumesAttached
    }
}

/// A taint of a node.
public struct Taint: Sendable, Hashable {
    /// The key.
    public var key: String
    /// The value; absent and empty are the same to Kubernetes.
    public var value: String?
    /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
    public var effect: String
    /// When a NoExecute taint was added, as written; kept so that a rewrite of the list loses nothing.
    public var timeAdded: String?

    /// A taint from its parts.
    public init(key: String, value: String? = nil, effect: String, timeAdded: String? = nil) {
        self.key = key
        self.value = value
        self.effect = effect
        self.timeAdded = timeAdded
    }
}
