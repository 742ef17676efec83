import JSON

/// `core/v1.Node`, as far as we read it.
struct NodeBody: JSONReadable {
    /// What was asked for.
    struct Spec: JSONReadable {
        /// Whether the scheduler passes it over.
        var unschedulable: Bool?
        /// The taints.
        var taints: [Taint]?
        /// The cloud's name for it.
        var providerID: String?

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            unschedulable = try members.optional("unschedulable")
            taints = try members.optional("taints")
            providerID = try members.optional("providerID")
        }
    }

    /// What is.
    struct Status: JSONReadable {
        /// Such as `Ready`.
        var conditions: [Condition]?
        /// What the kubelet says of the machine.
        var nodeInfo: NodeInfo?
        /// The volumes that are attached.
        var volumesAttached: [Volume]?

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            conditions = try members.optional("conditions")
            nodeInfo = try members.optional("nodeInfo")
            volumesAttached = try members.optional("volumesAttached")
        }
    }

    /// A condition.
    struct Condition: JSONReadable {
        /// Such as `Ready`.
        var type: String
        /// `True`, `False` or `Unknown`.
        var status: String

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            type = try members.required("type")
            status = try members.required("status")
        }
    }

    /// A volume that is attached.
    struct Volume: JSONReadable {
        /// Its name, the plug-in's first.
        var name: String

        init(json: JSONValue) throws(JSONMismatch) {
            name = try json.object().required("name")
        }
    }

    /// What the kubelet says of the machine.
    struct NodeInfo: JSONReadable {
        /// Changes with each boot.
        var bootID: String?

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            bootID = try members.optional("bootID")
        }
    }

    /// Identity, labels, annotations.
    var metadata: ObjectMeta
    /// What was asked for.
    var spec: Spec?
    /// What is.
    var status: Status?

    init(json: JSONValue) throws(JSONMismatch) {
        let members = try json.object()
        metadata = try members.required("metadata")
        spec = try members.optional("spec")
        status = try members.optional("status")
    }

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
            providerID: spec?.providerID,
            volumesAttached: (status?.volumesAttached ?? []).map(\.name))
    }
}

extension Taint: JSONReadable {
    init(json: JSONValue) throws(JSONMismatch) {
        let members = try json.object()
        self.init(
            key: try members.required("key"), value: try members.optional("value"),
            effect: try members.required("effect"), timeAdded: try members.optional("timeAdded"))
    }
}
