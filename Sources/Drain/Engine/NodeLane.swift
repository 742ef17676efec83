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
                let draft = draft
                group.addTask {
                    // Until it is there or the drain ends: a next life must know of it.
                    await RecordWriter(setting: setting, seed: setting.seed &+ 8).write(remark: { remark($0) }) {
                        $0.begin(draft, on: node, holdsCordon: cordon.isOurs)
                    }
                }
            }
            group.addTask { remark(await scribe.announceStart(on: node)) }
            group.addTask { remark(await scribe.setConditions()) }
            group.addTask { remark(await scribe.addTaint(to: node, atEnd: false)) }
            group.addTask {
                guard scribe.taintRemovesPods, await untilGoodBye() else { return }
                remark(await scribe.addTaint(to: nil, atEnd: true))
            }
        }
    }

    /// Waits until pods that only a taint removes need to be told; `false` when the task was cancelled.
    private func untilGoodBye() async -> Bool {
        while true {
            // Asked anew each time, since the deadline may come closer.
            let moment = order.deadline().moment.advanced(by: .zero - order.plan.margin - setting.noExecuteLead)
            let wait = setting.timeline.now.duration(to: moment)
            if wait <= .zero { return true }
            guard await setting.timeline.passes(min(wait, .seconds(1))) else { return false }
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
        /// Whether the record is written.
        var isNoted: Bool
        /// Whether it is ours to undo.
        var isOurs: Bool
    }

    /// Tries until the node is unschedulable; `nil` when the task was cancelled first.
    private func cordon() async -> Cordon? {
        var pause = Pause(seed: setting.seed &+ 3)
        while !Task.isCancelled {
            let answer = await setting.keeper.exclusively { record in await attempt(&record) }
            switch answer {
            case .success(let cordon):
                seen.keep(cordon.node)
                desk.cordoned(alreadyCordoned: !cordon.isOurs)
                return cordon
            case .failure(let error):
                if Task.isCancelled { return nil }
                if !error.isPassing { desk.cordonRefused(because: error.words) }
                desk.retried(after: error)
                // Less than flow control asks for: it is one cheap request, and until it is done new pods come.
                let next = error.isPassing ? pause.afterFailure() : Self.refusedPause
                guard await setting.timeline.passes(next) else { return nil }
            }
        }
        return nil
    }

    private func attempt(_ remembered: inout NodeRecord?) async -> Result<Cordon, KubernetesError> {
        // Somebody else may change the node between our two requests; the second time the cordon does not wait for that.
        for _ in 0..<2 {
            let found = await bounded(by: Self.lookLimit, on: setting.timeline) {
                await outcome { () throws(KubernetesError) in try await setting.readNode() }
            }
            guard case .success(let node) = found else { break }
            if !node.isUnschedulable {
                seen.wasSchedulable()
                if NodeRecord(on: node)?.isUndone(on: node, for: setting.keeper.owns) == true {
                    order.progress(.uncordoned)
                }
            }
            var record = NodeRecord(on: node, remembering: remembered, owning: setting.keeper.owns)
            let isOurs = record.cordons(node, seen.hasBeenSchedulable ? .seenSchedulable : .read, for: draft)
            var answer = await patch(NodePatches.cordon(noting: record, ifStill: node.resourceVersion))
            if case .failure(.conflict) = answer { continue }
            var isNoted = true
            if case .failure(let error) = answer, !error.isPassing {
                // The cordon matters more than what is noted about it.
                isNoted = false
                answer = await patch(NodePatches.cordon)
            }
            return answer.map { after in
                remembered = record
                return Cordon(node: after, isNoted: isNoted, isOurs: isOurs)
            }
        }
        return await attemptUnseen(&remembered)
    }

    /// Cordons without knowing what was before: a node that cannot be read in half a second must not cost the pods that
    /// time.
    private func attemptUnseen(_ remembered: inout NodeRecord?) async -> Result<Cordon, KubernetesError> {
        let before = setting.keeper.node
        return await patch(NodePatches.cordon).map { after in
            var record = NodeRecord(on: after, remembering: remembered, owning: setting.keeper.owns)
            let isOurs = record.cordons(
                after, seen.hasBeenSchedulable ? .seenSchedulable : .unread(before: before), for: draft)
            remembered = record
            return Cordon(node: after, isNoted: false, isOurs: isOurs)
        }
    }

    private func patch(_ patch: Patch) async -> Result<Node, KubernetesError> {
        let answer = await outcome { () throws(KubernetesError) in
            try await setting.api.patchNode(named: setting.nodeName, patch)
        }
        if case .success(let node) = answer { setting.keeper.saw(node) }
        return answer
    }

    private var draft: RecordDraft {
        RecordDraft(
            plan: order.plan, deadline: order.plan.notice.deadline.restated(by: setting.anchor),
            since: setting.anchor.wall(at: order.arrival), marks: setting.marks)
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
