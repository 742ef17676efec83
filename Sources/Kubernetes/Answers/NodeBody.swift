/// `core/v1.Node`, as far as we read it.
struct NodeBody: Decodable {
    /// What was asked for.
    struct Spec: Decodable {
        /// Whether the scheduler passes it over.
        var unschedulable: Bool?
        /// The taints.
        var taints: [Taint]?
        /// The cloud's name for it.
        var providerID: String?
    }

    /// What is.
    struct Status: Decodable {
        /// Such as `Ready`.
        var conditions: [Condition]?
        /// What the kubelet says of the machine.
        var nodeInfo: NodeInfo?
    }

    /// A condition.
    struct Condition: Decodable {
        /// Such as `Ready`.
        var type: String
        /// `True`, `False` or `Unknown`.
        var status: String
    }

    /// What the kubelet says of the machine.
    struct NodeInfo: Decodable {
        /// Changes with each boot.
        var bootID: String?
    }

    /// Identity, labels, annotations.
    var metadata: ObjectMeta
    /// What was asked for.
    var spec: Spec?
    /// What is.
    var status: Status?

    /// The node.
    var node: Node {
        Node(
            name: metadata.name,
            uid: metadata.uid,
            resourceVersion: metadata.resourceVersion ?? "",
            isUnschedulable: spec?.unschedulable ?? false,
            taints: spec?.taints ?? [],
            labels: metadata.labels ?? [:],
            annotations: metadata.annotations ?? [:],
            bootID: status?.nodeInfo?.bootID,
            isReady: status?.conditions?.contains { $0.type == "Ready" && $0.status == "True" } ?? false,
            providerID: spec?.providerID)
    }
}
