import Interruption
import JSON
import Kubernetes

/// The changes that we make to our Node. Each is one request.
enum NodePatches {
    /// The cordon alone.
    static let cordon = merge(["spec": ["unschedulable": true]])

    /// Its opposite, whoever cordoned the node.
    static let takesPods = merge(["spec": ["unschedulable": false]])

    /// The cordon, and what we note about it, in one, provided that nobody changed the node since `version`.
    static func cordon(noting record: NodeRecord, ifStill version: String) -> Patch {
        merge(["metadata": metadata(noting: record, ifStill: version), "spec": ["unschedulable": true]])
    }

    /// The record and the labels that it names, provided that nobody changed the node since `version`: others write the record, too.
    static func note(_ record: NodeRecord, ifStill version: String) -> Patch {
        merge(["metadata": metadata(noting: record, ifStill: version)])
    }

    /// The whole list of taints, provided that nobody changed the node since `version`: every form of patch but one
    /// replaces the list, and that one fails where there is none yet.
    static func taints(_ taints: [Taint], ifStill version: String) -> Patch {
        merge([
            "metadata": ["resourceVersion": .string(version)], "spec": ["taints": .array(taints.map(json))],
        ])
    }

    /// Takes away what an undo says, provided that nobody changed the node meanwhile: a cordon that came after it was read must stay.
    static func undo(_ undo: NodeUndo) -> Patch {
        let labels = undo.labels.map { JSONValue.Member(name: $0, value: .null) }
        let metadata: JSONValue = [
            "resourceVersion": version(undo.node.resourceVersion), "annotations": undo.annotation.map(annotations),
            "labels": labels.isEmpty ? nil : .object(labels),
        ]
        let spec: JSONValue = [
            "unschedulable": undo.uncordons ? false : nil,
            "taints": undo.remainingTaints.map { .array($0.map(json)) },
        ]
        return merge(["metadata": metadata, "spec": spec == .object([]) ? nil : spec])
    }

    /// The least of an undo: the cordon and the record.
    static func uncordon(_ undo: NodeUndo) -> Patch {
        merge([
            "metadata": [
                "resourceVersion": version(undo.node.resourceVersion), "annotations": undo.annotation.map(annotations),
            ],
            "spec": undo.uncordons ? ["unschedulable": false] : nil,
        ])
    }

    /// The cordon alone.
    static func schedulable(_ undo: NodeUndo) -> Patch {
        merge(["metadata": ["resourceVersion": version(undo.node.resourceVersion)], "spec": ["unschedulable": false]])
    }

    private static func metadata(noting record: NodeRecord, ifStill version: String) -> JSONValue {
        let labels = record.labels.sorted { $0.key < $1.key }.map {
            JSONValue.Member(name: $0.key, value: .string($0.value))
        }
        return [
            "resourceVersion": self.version(version),
            "annotations": annotations(.string(record.annotation)),
            "labels": labels.isEmpty ? nil : .object(labels),
        ]
    }

    private static func version(_ version: String) -> JSONValue? { version.isEmpty ? nil : .string(version) }

    private static func annotations(_ record: JSONValue) -> JSONValue {
        .object([JSONValue.Member(name: MarkSettings.recordKey, value: record)])
    }

    private static func json(_ taint: Taint) -> JSONValue {
        [
            "key": .string(taint.key), "value": .text(taint.value), "effect": .string(taint.effect),
            "timeAdded": .text(taint.timeAdded),
        ]
    }

    private static func merge(_ json: JSONValue) -> Patch {
        Patch(.merge, json.text)
    }
}

extension Taint {
    /// The taint as `key=value:Effect`.
    var words: String { "\(key)=\(value ?? ""):\(effect)" }

    /// Whether Kubernetes would take the two for the same: key and effect are a taint's identity.
    func isSame(as other: Taint) -> Bool {
        key == other.key && effect == other.effect
    }
}
