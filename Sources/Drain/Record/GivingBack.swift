import Interruption
import Kubernetes

/// Undoes what the record on the Node says that we did, and nothing else.
struct GivingBack: Sendable {
    /// How often a conditional change is tried when others change the node at the same time.
    static let attempts = 5

    let setting: DrainSetting

    /// Gives the node back, as soon as it is Ready; returns what could not be undone.
    func run(because reason: String) async throws -> [String] {
        try await setting.keeper.exclusively { record in
            var pause = Pause(seed: setting.seed &+ 6)
            for _ in 0..<Self.attempts {
                let node = try await setting.api.node(named: setting.nodeName)
                guard let found = NodeRecord(on: node) else {
                    record = nil
                    return []
                }
                guard node.isReady else { throw GiveBackError.nodeNotReady }
                switch await undone(found, on: node) {
                case .success(let leftovers):
                    record = nil
                    await announce(reason, node)
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
    private func undone(_ record: NodeRecord, on node: Node) async -> Result<[String], KubernetesError> {
        var leftovers: [String] = []
        if !record.conditions.isEmpty {
            let answer = await outcome { () throws(KubernetesError) in
                try await setting.api.patchNodeStatus(
                    named: setting.nodeName, NodeConditions.removal(of: record.conditions))
            }
            if case .failure(let error) = answer {
                if error.isPassing { return .failure(error) }
                leftovers.append("conditions \(record.conditions.joined(separator: ", ")): \(error.words)")
            }
        }
        if !record.cordonedByUs, node.isUnschedulable {
            leftovers.append("the node was cordoned by somebody else and stays so")
        }
        switch await patch(NodePatches.undo(record, on: node)) {
        case .success:
            return .success(leftovers)
        case .failure(.conflict(let message)):
            return .failure(.conflict(message: message))
        case .failure(let error) where error.isPassing:
            return .failure(error)
        case .failure(let error):
            // Taints or labels that we may not touch must not keep the node cordoned.
            let marks = record.taints + record.labels.keys.sorted()
            guard !marks.isEmpty else { return .failure(error) }
            leftovers.append("\(marks.joined(separator: ", ")): \(error.words)")
            return await patch(NodePatches.uncordon(record, on: node)).map { leftovers }
        }
    }

    private func patch(_ patch: Patch) async -> Result<Void, KubernetesError> {
        await outcome { () throws(KubernetesError) in
            _ = try await setting.api.patchNode(named: setting.nodeName, patch)
        }
    }

    private func announce(_ reason: String, _ node: Node) async {
        guard setting.marks.nodeEvents else { return }
        let events = NodeEvents(
            nodeName: setting.nodeName, uid: node.uid, time: setting.anchor.wall(at: setting.timeline.now))
        _ = await bounded(by: .seconds(1), on: setting.timeline) {
            await outcome { () throws(KubernetesError) in try await setting.api.post(events.gaveBack(because: reason)) }
        }
    }
}
