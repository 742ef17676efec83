import Interruption
import Kubernetes

/// Changes the record on the Node, and says so only when it is there.
struct RecordWriter: Sendable {
    /// The pause after an answer that will hardly change.
    static let refusedPause = Duration.seconds(5)
    /// How often a change is tried at once when others change the node at the same time.
    static let attempts = 5

    let setting: DrainSetting
    let seed: UInt64

    /// Tries until the change is written, the task is cancelled, or what this process remembers does not call for it any more; tells
    /// `remark` of a refusal.
    func write(
        _ isWanted: (NodeRecord?) -> Bool = { _ in true }, remark: (String) -> Void = { _ in },
        _ change: (inout NodeRecord) -> Void
    ) async {
        var pause = Pause(seed: seed)
        while !Task.isCancelled {
            guard case .failure(let error) = await writeOnce(change) else { return }
            if Task.isCancelled { return }
            if !error.isPassing { remark("record: \(error.words)") }
            let next = error.isPassing ? pause.after(error) : Self.refusedPause
            guard await setting.timeline.passes(next), await setting.keeper.exclusively({ isWanted($0) }) else {
                return
            }
        }
    }

    /// Writes the change once; only what others changed meanwhile is read again.
    func writeOnce(_ change: (inout NodeRecord) -> Void) async -> Result<Void, KubernetesError> {
        await setting.keeper.exclusively { remembered in
            var known = setting.keeper.node
            for attempt in 1... {
                let answer = await attempted(change, on: known, &remembered)
                guard case .failure(.conflict) = answer, attempt < Self.attempts, !Task.isCancelled else {
                    return answer
                }
                known = nil
            }
            return .success(())
        }
    }

    private func attempted(
        _ change: (inout NodeRecord) -> Void, on known: Node?, _ remembered: inout NodeRecord?
    ) async -> Result<Void, KubernetesError> {
        let node: Node
        if let known {
            node = known
        } else {
            switch await outcome(of: { () throws(KubernetesError) in try await setting.readNode() }) {
            case .success(let read): node = read
            case .failure(let error):
                // It is remembered, and written with whatever is written next.
                var record = remembered ?? NodeRecord()
                change(&record)
                remembered = record
                return .failure(error)
            }
        }
        var record = NodeRecord(on: node, remembering: remembered, owning: setting.keeper.owns)
        change(&record)
        remembered = record
        let patch = NodePatches.note(record, ifStill: node.resourceVersion)
        return await outcome { () throws(KubernetesError) in try await setting.patchNode(patch) }
    }
}

extension DrainSetting {
    /// Reads the node, and remembers what was seen.
    func readNode() async throws(KubernetesError) -> Node {
        let node = try await api.node(named: nodeName)
        keeper.saw(node)
        return node
    }

    /// Changes the node, and remembers what was seen.
    func patchNode(_ patch: Patch) async throws(KubernetesError) {
        keeper.saw(try await api.patchNode(named: nodeName, patch))
    }

    /// Writes an Event about the node, where such are wanted.
    func post(_ note: (NodeEvents) -> EventNote) async throws(KubernetesError) {
        guard marks.nodeEvents else { return }
        let events = NodeEvents(nodeName: nodeName, uid: keeper.node?.uid ?? "", time: anchor.wall(at: timeline.now))
        try await api.post(note(events))
    }
}
