import Interruption
import Kubernetes
import Synchronization
import TestSupport

/// The nodes, pods and budgets of a fleet, and its kubelets.
final class FleetCluster: Sendable {
    /// A pod and what became of it.
    struct FleetPod: Sendable {
        var pod: Pod
        let node: Int
        /// How long its containers take to stop, within its grace.
        let stopsAfter: Duration
        let budget: Int?
        var toldAt: Moment?
        /// When it is killed.
        var graceEnd: Moment?
        var goneAt: Moment?
    }

    /// A node and what became of it.
    struct FleetNode: Sendable {
        let announcedAt: Moment
        var cordonedAt: Moment?
        var pods: [Int] = []
        var report: (@Sendable (PodWatchEvent) -> Void)?

        var deadline: Moment { announcedAt.advanced(by: Scenario.noticeTime) }
    }

    private enum Happening: Sendable {
        case stops(pod: Int)
        case replaced(budget: Int)
    }

    fileprivate struct State {
        var nodes: [FleetNode] = []
        var pods: [FleetPod] = []
        var allowed: [Int] = []
        var version = 1
    }

    private let state = Mutex(State())
    private let happenings: AsyncStream<(at: Moment, what: Happening)>
    private let agenda: AsyncStream<(at: Moment, what: Happening)>.Continuation

    /// The cluster of that scenario.
    init(_ scenario: Scenario) {
        (happenings, agenda) = AsyncStream.makeStream()
        var generator = SeededGenerator(seed: scenario.seed)
        state.withLock { $0.populate(scenario, &generator) }
    }

    /// Everything as it is now.
    var nodes: [FleetNode] { state.withLock { $0.nodes } }
    /// Every pod as it is now.
    var pods: [FleetPod] { state.withLock { $0.pods } }

    /// Lets pods stop and replacements come, until the task is cancelled.
    func run(on timeline: any Timeline) async {
        await withDiscardingTaskGroup { group in
            for await happening in happenings {
                group.addTask {
                    guard (try? await timeline.sleep(until: happening.at, tolerance: nil)) != nil else { return }
                    self.happens(happening.what, at: timeline.now)
                }
            }
            group.cancelAll()
        }
    }

    private func happens(_ what: Happening, at now: Moment) {
        switch what {
        case .replaced(let budget): state.withLock { $0.allowed[budget] += 1 }
        case .stops(let place):
            let news = state.withLock { state -> (PodWatchEvent, FleetNode, Int?)? in
                guard state.pods[place].goneAt == nil, let end = state.pods[place].end, end <= now else { return nil }
                state.pods[place].goneAt = now
                state.version += 1
                let event = PodWatchEvent.gone(
                    state.pods[place].pod.reference, resourceVersion: String(state.version))
                return (event, state.nodes[state.pods[place].node], state.pods[place].budget)
            }
            guard let (event, node, budget) = news else { return }
            node.report?(event)
            if let budget {
                agenda.yield((now.advanced(by: Scenario.replacementTime), .replaced(budget: budget)))
            }
        }
    }

    // MARK: What clients ask for

    /// The pods that are on the node now.
    func list(_ node: Int) -> PodList {
        state.withLock { state in
            PodList(
                pods: state.nodes[node].pods.filter { state.pods[$0].goneAt == nil }.map { state.pods[$0].pod },
                resourceVersion: String(state.version))
        }
    }

    /// Tells `report` what happens on the node from now on.
    func watch(_ node: Int, _ report: (@Sendable (PodWatchEvent) -> Void)?) {
        state.withLock { $0.nodes[node].report = report }
    }

    /// The node is made unschedulable.
    func cordon(_ node: Int, at now: Moment) {
        state.withLock { state in
            if state.nodes[node].cordonedAt == nil { state.nodes[node].cordonedAt = now }
        }
    }

    /// Whether that node takes no new pods.
    func isCordoned(_ node: Int) -> Bool { state.withLock { $0.nodes[node].cordonedAt != nil } }

    /// Evicts a pod if its budget allows, or deletes it without asking.
    func remove(
        _ reference: PodReference, grace: Int?, asksBudget: Bool, at now: Moment
    ) -> Result<Void, KubernetesError> {
        guard let place = Int(reference.uid) else { return .failure(.notFound) }
        let told = state.withLock { $0.tell(place, grace: grace, asksBudget: asksBudget, at: now) }
        switch told {
        case .failure(let error): return .failure(error)
        case .success(let (event, end, report)):
            agenda.yield((end, .stops(pod: place)))
            report?(event)
            return .success(())
        }
    }

    /// Whether the pod's object is still there.
    func isThere(_ reference: PodReference) -> Bool {
        state.withLock { state in Int(reference.uid).map { state.pods[$0].goneAt == nil } ?? false }
    }
}

extension FleetCluster.FleetPod {
    /// When it is gone.
    fileprivate var end: Moment? {
        guard let toldAt, let graceEnd else { return nil }
        return min(graceEnd, toldAt.advanced(by: stopsAfter))
    }
}

extension FleetCluster.State {
    fileprivate mutating func populate(_ scenario: Scenario, _ generator: inout SeededGenerator) {
        let count = scenario.nodes * scenario.podsPerNode
        let budgets = max(1, count * Scenario.budgeted / 100 / Scenario.budgetSize)
        allowed = Array(repeating: Scenario.budgetAllows, count: budgets)
        for node in 0..<scenario.nodes {
            let after = Scenario.spread * Double.random(in: 0..<1, using: &generator)
            nodes.append(FleetCluster.FleetNode(announcedAt: Scenario.begin.advanced(by: after)))
            for _ in 0..<scenario.podsPerNode {
                let place = pods.count
                let grace = Self.grace(Int.random(in: 0..<100, using: &generator))
                let isBudgeted = Int.random(in: 0..<100, using: &generator) < Scenario.budgeted
                let budget = Int.random(in: 0..<budgets, using: &generator)
                let share = Double.random(in: 0.05...1, using: &generator)
                pods.append(
                    FleetCluster.FleetPod(
                        pod: Pod(
                            reference: PodReference(
                                namespace: "default", name: "pod-\(place)", uid: String(place)),
                            nodeName: "node-\(node)", gracePeriod: .seconds(grace),
                            controller: OwnerReference(apiVersion: "apps/v1", kind: "ReplicaSet", name: "app")),
                        node: node, stopsAfter: .seconds(grace) * share, budget: isBudgeted ? budget : nil))
                nodes[node].pods.append(place)
            }
        }
    }

    private static func grace(_ percentile: Int) -> Int {
        var rest = percentile
        for (grace, share) in Scenario.graces {
            if rest < share { return grace }
            rest -= share
        }
        return 30
    }

    fileprivate typealias Told = (event: PodWatchEvent, end: Moment, report: (@Sendable (PodWatchEvent) -> Void)?)

    fileprivate mutating func tell(
        _ place: Int, grace: Int?, asksBudget: Bool, at now: Moment
    ) -> Result<Told, KubernetesError> {
        var pod = pods[place]
        guard pod.goneAt == nil else { return .failure(.notFound) }
        if asksBudget, pod.toldAt == nil, let budget = pod.budget {
            guard allowed[budget] > 0 else {
                return .failure(.budgetRefused(budget: "app", message: "needs more", retryAfter: nil))
            }
            allowed[budget] -= 1
        }
        let seconds = grace ?? Int(pod.pod.gracePeriod.components.seconds)
        let end = now.advanced(by: .seconds(seconds))
        pod.toldAt = pod.toldAt ?? now
        pod.graceEnd = min(pod.graceEnd ?? end, end)
        pod.pod.deletionTimestamp = ""
        pod.pod.deletionGracePeriod = .seconds(seconds)
        pods[place] = pod
        version += 1
        let event = PodWatchEvent.present(pod.pod, resourceVersion: String(version))
        return .success((event, pod.end ?? end, nodes[pod.node].report))
    }
}
