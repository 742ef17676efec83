import Interruption
import Kubernetes

/// Writes the marks that no pod waits for. Each returns what could not be written, in words for people; `nil` when all
/// went well.
struct NodeScribe: Sendable {
    /// How often a conditional change is tried when others change the node at the same time.
    static let attempts = 5

    let setting: DrainSetting
    let plan: Plan
    let seed: UInt64

    private var now: WallTime { setting.anchor.wall(at: setting.timeline.now) }

    /// Writes how the drain ended.
    func closeRecord(_ report: Report) async -> String? {
        let keeper = setting.keeper
        let answer = await RecordWriter(setting: setting, seed: seed).writeOnce {
            $0.close(report, for: keeper.owns)
        }
        guard case .failure(let error) = answer else { return nil }
        return "record: \(error.words)"
    }

    /// The first event about the node.
    func announceStart(on node: Node) async -> String? {
        guard setting.marks.nodeEvents else { return nil }
        return await wrote("event") { () throws(KubernetesError) in
            try await setting.api.post(events(node).begun(plan))
        }
    }

    /// The second event about the node; with `cordon-only` the first said everything.
    func announceEnd(_ report: Report, on node: Node) async -> String? {
        guard setting.marks.nodeEvents, plan.strategy != .cordonOnly else { return nil }
        return await wrote("event") { () throws(KubernetesError) in
            try await setting.api.post(events(node).ended(report))
        }
    }

    /// The conditions while the drain runs.
    func setConditions() async -> String? {
        guard setting.marks.conditions else { return nil }
        return await wroteStatus(NodeConditions.atStart(of: plan, at: now))
    }

    /// The conditions when it has ended.
    func setConditions(at report: Report) async -> String? {
        guard setting.marks.conditions, let patch = NodeConditions.atEnd(of: report, at: now) else { return nil }
        return await wroteStatus(patch)
    }

    /// Whether the taint for the notice removes pods.
    var taintRemovesPods: Bool { setting.marks.taints[plan.notice.kind]?.effect == .noExecute }

    /// The taint for the notice; one that removes pods waits for the end of the drain, or until shortly before the
    /// deadline.
    ///
    /// `node` is the node as it was read last; `nil` reads it anew.
    func addTaint(to node: Node?, atEnd: Bool) async -> String? {
        guard let mark = setting.marks.taints[plan.notice.kind], (mark.effect == .noExecute) == atEnd,
            let taint = setting.marks.taint(for: plan.notice)
        else { return nil }
        var current = node
        var pause = Pause(seed: seed)
        var words: String?
        for _ in 0..<Self.attempts {
            let answer = await added(taint, to: current)
            guard case .failure(let error) = answer else { return nil }
            words = "taint \(taint.key): \(error.words)"
            current = nil
            let mayPass = if case .conflict = error { true } else { error.isPassing }
            guard mayPass, await setting.timeline.passes(pause.after(error)) else { return words }
        }
        return words
    }

    /// Read, changed and written on condition that nobody else wrote meanwhile: a patch replaces the whole list.
    private func added(_ taint: Taint, to known: Node?) async -> Result<Void, KubernetesError> {
        await outcome { () throws(KubernetesError) in
            let node: Node
            if let known { node = known } else { node = try await setting.readNode() }
            guard !node.taints.contains(where: { $0.isSame(as: taint) }) else { return }
            let patch = NodePatches.taints(node.taints + [taint], ifStill: node.resourceVersion)
            try await setting.patchNode(patch)
        }
    }

    private func events(_ node: Node) -> NodeEvents {
        NodeEvents(nodeName: setting.nodeName, uid: node.uid, time: now)
    }

    private func wroteStatus(_ patch: Patch) async -> String? {
        await wrote("conditions") { () throws(KubernetesError) in
            try await setting.api.patchNodeStatus(named: setting.nodeName, patch)
        }
    }

    private func wrote(_ what: String, _ call: () async throws(KubernetesError) -> Void) async -> String? {
        guard case .failure(let error) = await outcome(of: call) else { return nil }
        return "\(what): \(error.words)"
    }
}
