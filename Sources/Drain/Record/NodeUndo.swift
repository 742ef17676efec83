import Interruption
import JSON
import Kubernetes

/// What giving a node back takes away: what the record says that we did and the node still has, but for the notices that stay.
struct NodeUndo: Sendable {
    let node: Node
    /// What remains of the record; `nil` when nothing does.
    let remaining: NodeRecord?
    /// Whether the cordon goes: it is ours, and nobody who stays holds it.
    let uncordons: Bool
    /// Labels that go.
    let labels: [String]
    /// Taints that go, as `key=value:Effect`.
    let taints: [String]
    /// Conditions that go, by type.
    let conditions: [String]

    /// What to undo of `record` on `node`, when the notices in `keeping` stay.
    init(_ record: NodeRecord, on node: Node, keeping: Set<NoticeID>) {
        let kept = record.notices.filter { keeping.contains($0.id) }
        // A record of an older version does not say for whom the cordon is. People notice a node that stays cordoned.
        let isHeld =
            kept.contains { $0.holdsCordon }
            || record.hasOrphanedCordon && kept.contains { $0.id == .operatorRequest }
        let theirs = record.taints.filter { words in kept.contains { words.contains("=\($0.id.rawValue):") } }
        self.node = node
        uncordons = record.cordonedByUs && !isHeld && node.isUnschedulable
        labels = isHeld ? [] : record.labels.filter { node.labels[$0.key] == $0.value }.keys.sorted()
        taints = record.taints.filter { words in
            !theirs.contains(words) && node.taints.contains { $0.words == words }
        }
        conditions = isHeld ? [] : record.conditions
        remaining =
            kept.isEmpty
            ? nil
            : NodeRecord(
                notices: kept, cordonedByUs: isHeld, taints: theirs, labels: isHeld ? record.labels : [:],
                conditions: isHeld ? record.conditions : [], bootID: node.bootID)
    }

    /// The record's annotation afterwards; `nil` where there is none to change.
    var annotation: JSONValue? {
        if let remaining { return .string(remaining.annotation) }
        return node.annotations[MarkSettings.recordKey] == nil ? nil : .null
    }

    /// The taints that stay, when some go; `nil` when none does.
    var remainingTaints: [Taint]? {
        taints.isEmpty ? nil : node.taints.filter { !taints.contains($0.words) }
    }
}
