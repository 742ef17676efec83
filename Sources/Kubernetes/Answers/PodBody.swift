import JSON

/// `core/v1.Pod`, as far as we read it.
struct PodBody: JSONReadable {
    /// What was asked for.
    struct Spec: JSONReadable {
        /// Absent while unscheduled.
        var nodeName: String?
        /// Absent without the Priority admission.
        var priority: Int?
        /// The server defaults it to 30.
        var terminationGracePeriodSeconds: Int?
        /// Its volumes.
        var volumes: [Volume]?

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            nodeName = try members.optional("nodeName")
            priority = try members.optional("priority")
            terminationGracePeriodSeconds = try members.optional("terminationGracePeriodSeconds")
            volumes = try members.optional("volumes")
        }
    }

    /// A volume, of which only the kind matters.
    struct Volume: JSONReadable {
        /// Whether a claim stands behind it, which it names or brings along: such a volume may be attached to the node.
        var isAttachable: Bool

        init(json: JSONValue) throws(JSONMismatch) {
            isAttachable = try json.object().contains { ["persistentVolumeClaim", "ephemeral"].contains($0.name) }
        }
    }

    /// What is.
    struct Status: JSONReadable {
        /// Such as `Running`.
        var phase: String?

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            phase = try members.optional("phase")
        }
    }

    /// Identity and ownership.
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

    /// The pod, with only the labels and annotations that a drain reads.
    var pod: Pod {
        let kept = { (all: [String: String]?) in (all ?? [:]).filter { Pod.keptKeys.contains($0.key) } }
        let annotations = kept(metadata.annotations)
        let controller = metadata.ownerReferences?.first { $0.controller == true }
        return Pod(
            reference: metadata.podReference,
            nodeName: spec?.nodeName,
            phase: status?.phase ?? "",
            priority: spec?.priority ?? 0,
            gracePeriod: .seconds(spec?.terminationGracePeriodSeconds ?? 30),
            deletionTimestamp: metadata.deletionTimestamp,
            deletionGracePeriod: metadata.deletionGracePeriodSeconds.map { .seconds($0) },
            controller: controller.map { OwnerReference(apiVersion: $0.apiVersion, kind: $0.kind, name: $0.name) },
            isMirror: annotations["kubernetes.io/config.mirror"] != nil,
            labels: kept(metadata.labels),
            annotations: annotations,
            finalizers: metadata.finalizers ?? [],
            hasAttachableVolumes: spec?.volumes?.contains { $0.isAttachable } ?? false)
    }
}

extension ObjectMeta {
    /// The pod that this is the metadata of.
    var podReference: PodReference {
        PodReference(namespace: namespace ?? "", name: name, uid: uid)
    }
}
