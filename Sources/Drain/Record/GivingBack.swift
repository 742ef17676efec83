import Interruption
import Kubernetes

/// Undoes what the record on the Node says that we did, and nothing else.
struct GivingBack: Sendable {
    /// How often a conditional change is tried when others change the node at the same time.
    static let attempts = 5

    let setting: DrainSetting
    /// Whether a person asked for it: then the node takes pods again whoever cordoned it, Ready or not.
    var isPersonsWish = false

    /// Gives the node back, as soon as it is Ready; returns what could not be undone. The notices in `keeping` stay in the record, and
    /// the cordon with them when they hold it.
    func run(because reason: String, keeping: Set<NoticeID>) async throws -> [String] {
        try await setting.keeper.exclusively { remembered in
            var pause = Pause(seed: setting.seed &+ 6)
            for _ in 0..<Self.attempts {
                let node = try await setting.readNode()
                let found = NodeRecord(on: node)
                // A record that was there when an undo went out, and is not any more, was undone, though the answer was lost.
                if found == nil, setting.keeper.hasSentUndo { remembered = nil }
                // What could not be written is known here all the same.
                guard let record = found ?? remembered else { return [] }
                guard node.isReady || isPersonsWish else { throw GiveBackError.nodeNotReady }
                setting.keeper.hasSentUndo = found != nil
                switch await undone(NodeUndo(record, on: node, keeping: keeping), of: record) {
                case .success(let leftovers):
                    remembered?.notices.removeAll { !keeping.contains($0.id) }
                    remembered?.hasOrphanedCordon = false
                    if remembered?.notices.isEmpty == true { remembered = nil }
                    setting.keeper.hasSentUndo = false
                    await announce(reason, leftovers)
                    return leftovers
                case .failure(.conflict):
                    guard await setting.timeline.passes(pause.afterFailure()) else { throw CancellationError() }
                case .failure(let error):
                    throw error
                }
            }
            throw GiveBackError.conflict
        }
    }

    /// The conditions go first: once the record is gone, nobody knows of them any more.
    private func undone(_ undo: NodeUndo, of record: NodeRecord) async -> Result<[String], KubernetesError> {
        var leftovers: [String] = []
        if !undo.conditions.isEmpty {
            let answer = await outcome { () throws(KubernetesError) in
                try await setting.api.patchNodeStatus(
                    named: setting.nodeName, NodeConditions.removal(of: undo.conditions))
            }
            if case .failure(let error) = answer {
                if error.isPassing { return .failure(error) }
                leftovers.append("conditions \(undo.conditions.joined(separator: ", ")): \(error.words)")
            }
        }
        if undo.node.isUnschedulable, !undo.uncordons, !isPersonsWish {
            leftovers.append(
                record.cordonedByUs
                    ? "the node stays cordoned: a person drained it"
                    : "the node was cordoned by somebody else and stays so")
        }
        switch await patch(NodePatches.undo(undo)) {
        case .success:
            return .success(leftovers)
        case .failure(let error) where error.isPassing:
            return .failure(error)
        case .failure(let error):
            // Taints, labels or annotations that we may not touch must not keep the node cordoned.
            let marks = undo.taints + undo.labels
            if !marks.isEmpty {
                leftovers.append("\(marks.joined(separator: ", ")): \(error.words)")
                if case .success = await patch(NodePatches.uncordon(undo)) { return .success(leftovers) }
            }
            guard undo.uncordons else { return .failure(error) }
            leftovers.append("the record: \(error.words)")
            return await patch(NodePatches.schedulable(undo)).map { leftovers }
        }
    }

    private func patch(_ patch: Patch) async -> Result<Void, KubernetesError> {
        await outcome { () throws(KubernetesError) in try await setting.patchNode(patch) }
    }

    private func announce(_ reason: String, _ leftovers: [String]) async {
        let words = leftovers.isEmpty ? reason : "\(reason); but \(leftovers.joined(separator: ", "))"
        _ = await bounded(by: .seconds(1), on: setting.timeline) {
            await outcome { () throws(KubernetesError) in
                try await setting.post { $0.gaveBack(because: words) }
            }
        }
    }
}
