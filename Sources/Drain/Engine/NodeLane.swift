import Interruption
import Kubernetes
import Synchronization

/// Cordons the node, first of all and until it is done; then leaves the other marks, side by side.
struct NodeLane: Sendable {
    /// How long the node's state before us may take to be read; then the cordon goes out without it.
    static let lookLimit = Duration.milliseconds(500)
    /// The pause after an answer that will hardly change.
    static let refusedPause = Duration.seconds(5)

    let setting: DrainSetting
    let order: DrainOrder
    let desk: DrainDesk
    private let seen = SeenNode()

    init(setting: DrainSetting, order: DrainOrder, desk: DrainDesk) {
        self.setting = setting
        self.order = order
        self.desk = desk
    }

    /// Runs until node and marks are done or the task is cancelled.
    func run() async {
        guard let cordon = await cordon() else { return }
        let scribe = NodeScribe(setting: setting, plan: order.plan, seed: setting.seed &+ 4)
        let node = cordon.node
        await withDiscardingTaskGroup { group in
            if !cordon.isNoted {
                group.addTask { remark(await scribe.noteRecord(on: node)) }
            }
            group.addTask { remark(await scribe.announceStart(on: node)) }
            group.addTask { remark(await scribe.setConditions()) }
            group.addTask { remark(await scribe.addTaint(to: node, atEnd: false)) }
        }
    }

    /// Writes down how the drain ended, within `limit`; returns what could not be written, in words for people.
    func finish(_ report: Report, within limit: Duration) async -> [String] {
        guard let node = seen.node else { return [] }
        let scribe = NodeScribe(setting: setting, plan: order.plan, seed: setting.seed &+ 5)
        let remarks = Remarks()
        let deadline = setting.timeline.now.advanced(by: limit)
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await withDiscardingTaskGroup { steps in
                    steps.addTask { remarks.add(await scribe.closeRecord(report)) }
                    steps.addTask { remarks.add(await scribe.announceEnd(report, on: node)) }
                    steps.addTask { remarks.add(await scribe.setConditions(at: report)) }
                    // A quick drain ends before a taint that met a conflict was tried again.
                    steps.addTask { remarks.add(await scribe.addTaint(to: nil, atEnd: false)) }
                    steps.addTask { remarks.add(await scribe.addTaint(to: nil, atEnd: true)) }
                }
                return true
            }
            group.addTask {
                // A cancelled sleep means that the steps were first.
                try? await setting.timeline.sleep(until: deadline, tolerance: nil)
                return false
            }
            _ = await group.next()
            group.cancelAll()
        }
        return remarks.words
    }

    private func remark(_ words: String?) {
        if let words, !Task.isCancelled { desk.remark(words) }
    }

    private struct Cordon {
        var node: Node
        var isNoted: Bool
        var alreadyCordoned: Bool
    }

    /// Tries until the node is unschedulable; `nil` when the task was cancelled first.
    private func cordon() async -> Cordon? {
        var pause = Pause(seed: setting.seed &+ 3)
        while !Task.isCancelled {
            let answer = await setting.keeper.exclusively { record in await attempt(&record) }
            switch answer {
            case .success(let cordon):
                seen.keep(cordon.node)
                desk.cordoned(alreadyCordoned: cordon.alreadyCordoned)
                return cordon
            case .failure(let error):
                if Task.isCancelled { return nil }
                if !error.isPassing { desk.cordonRefused(because: error.words) }
                desk.retried()
                // Less than flow control asks for: it is one cheap request, and until it is done new pods come.
                let next = error.isPassing ? pause.afterFailure() : Self.refusedPause
                guard await setting.timeline.passes(next) else { return nil }
            }
        }
        return nil
    }

    private func attempt(_ remembered: inout NodeRecord?) async -> Result<Cordon, KubernetesError> {
        let found = await bounded(by: Self.lookLimit, on: setting.timeline) {
            await outcome { () throws(KubernetesError) in try await setting.api.node(named: setting.nodeName) }
        }
        guard case .success(let node) = found else { return await attemptUnseen(&remembered) }
        if !node.isUnschedulable { seen.wasSchedulable() }
        let record = draft(for: node, .read, remembered)
        var answer = await patch(NodePatches.cordon(noting: record))
        var isNoted = true
        if case .failure(let error) = answer, !error.isPassing {
            // The cordon matters more than what is noted about it.
            isNoted = false
            answer = await patch(NodePatches.cordon)
        }
        return answer.map { after in
            remembered = record
            return Cordon(node: after, isNoted: isNoted, alreadyCordoned: !record.cordonedByUs)
        }
    }

    /// Cordons without knowing what was before: a node that cannot be read in half a second must not cost the pods that
    /// time.
    private func attemptUnseen(_ remembered: inout NodeRecord?) async -> Result<Cordon, KubernetesError> {
        let answer = await patch(NodePatches.cordon)
        return answer.map { after in
            let record = draft(for: after, .unread, remembered)
            remembered = record
            return Cordon(node: after, isNoted: false, alreadyCordoned: !record.cordonedByUs)
        }
    }

    private func patch(_ patch: Patch) async -> Result<Node, KubernetesError> {
        await outcome { () throws(KubernetesError) in try await setting.api.patchNode(named: setting.nodeName, patch) }
    }

    private func draft(for node: Node, _ sight: NodeSight, _ remembered: NodeRecord?) -> NodeRecord {
        NodeRecord(
            for: node, seen.hasBeenSchedulable ? .seenSchedulable : sight, remembered: remembered, plan: order.plan,
            deadline: order.deadline().restated(by: setting.anchor), since: setting.anchor.wall(at: order.arrival),
            marks: setting.marks)
    }
}

/// What a drain saw of its node.
private final class SeenNode: Sendable {
    private let state = Mutex<(node: Node?, hasBeenSchedulable: Bool)>((nil, false))

    var node: Node? { state.withLock { $0.node } }
    var hasBeenSchedulable: Bool { state.withLock { $0.hasBeenSchedulable } }

    func keep(_ node: Node) { state.withLock { $0.node = node } }
    func wasSchedulable() { state.withLock { $0.hasBeenSchedulable = true } }
}

/// Remarks of steps that run side by side.
private final class Remarks: Sendable {
    private let state = Mutex<[String]>([])

    var words: [String] { state.withLock { $0 } }

    func add(_ words: String?) {
        if let words { state.withLock { $0.append(words) } }
    }
}
