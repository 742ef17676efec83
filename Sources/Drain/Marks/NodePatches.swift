import Interruption
import JSON
import Kubernetes

/// The changes that we make to our Node. Each is one request.
enum NodePatches {
    /// The cordon alone.
    static let cordon = merge(["spec": ["unschedulable": true]])

    /// The cordon, and what we note about it, in one.
    static func cordon(noting record: NodeRecord) -> Patch {
        merge(["metadata": metadata(noting: record), "spec": ["unschedulable": true]])
    }

    /// The record and the labels that it names.
    static func note(_ record: NodeRecord) -> Patch {
        merge(["metadata": metadata(noting: record)])
    }

    /// The record alone.
    static func annotate(_ record: NodeRecord) -> Patch {
        merge(["metadata": ["annotations": annotations(.string(record.annotation))]])
    }

    /// The whole list of taints, provided that nobody changed the node since `version`: every form of patch but one
    /// replaces the list, and that one fails where there is none yet.
    static func taints(_ taints: [Taint], ifStill version: String) -> Patch {
        merge([
            "metadata": ["resourceVersion": .string(version)], "spec": ["taints": .array(taints.map(json))],
        ])
    }

    /// Takes away what the record says that we did and the node still has.
    static func undo(_ record: NodeRecord, on node: Node) -> Patch {
        let labels = record.labels.filter { node.labels[$0.key] == $0.value }.keys.sorted()
        let remaining = node.taints.filter { !record.taints.contains($0.words) }
        let touchesTaints = remaining.count != node.taints.count
        let metadata: JSONValue = [
            "resourceVersion": touchesTaints ? .string(node.resourceVersion) : nil,
            "annotations": annotations(.null),
            "labels": labels.isEmpty ? nil : .object(labels.map { JSONValue.Member(name: $0, value: .null) }),
        ]
        let spec: JSONValue = [
            "unschedulable": record.cordonedByUs && node.isUnschedulable ? false : nil,
            "taints": touchesTaints ? .array(remaining.map(json)) : nil,
        ]
        return merge(["metadata": metadata, "spec": spec == .object([]) ? nil : spec])
    }

    /// The least of an undo: the cordon and the record.
    static func uncordon(_ record: NodeRecord, on node: Node) -> Patch {
        let spec: JSONValue? = record.cordonedByUs && node.isUnschedulable ? ["unschedulable": false] : nil
        return merge(["metadata": ["annotations": annotations(.null)], "spec": spec])
    }

    private static func metadata(noting record: NodeRecord) -> JSONValue {
        let labels = record.labels.sorted { $0.key < $1.key }.map {
            JSONValue.Member(name: $0.key, value: .string($0.value))
        }
        return [
            "annotations": annotations(.string(record.annotation)),
            "labels": labels.isEmpty ? nil : .object(labels),
        ]
    }

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
