import Interruption
import Kubernetes
import Synchronization
import TestSupport

@testable import Drain

/// A pod and how it behaves.
struct SimulatedPod: Sendable {
    var pod: Pod
    /// How long its containers take to stop; killed at the end of the grace when that is shorter.
    var stopTime: Duration
    /// Names of the budgets that select it.
    var budgets: [String] = []
    /// The answer of its namespace to every eviction, such as a webhook's.
    var answer: KubernetesError?
    /// When it got its SIGTERM, and when its grace ends.
    var stoppedAt: Moment?
    var graceEnd: Moment?
    /// The graces that it was given, in order.
    var graces: [Int] = []
    var isNoted = false

    var end: Moment? {
        guard let stoppedAt, let graceEnd else { return nil }
        return min(stoppedAt.advanced(by: stopTime), graceEnd)
    }
}

extension SimulatedCluster {
    /// Adds a pod that takes `stopTime` to stop.
    func add(
        _ pod: Pod, stopTime: Duration = .milliseconds(500), budgets: [String] = [], answer: KubernetesError? = nil
    ) {
        let bells = state.withLock { state in
            state.version += 1
            state.pods[pod.reference.uid] = SimulatedPod(pod: pod, stopTime: stopTime, budgets: budgets, answer: answer)
            if pod.nodeName == "node-a" {
                state.history.append((state.version, .present(pod, resourceVersion: String(state.version))))
            }
            return Array(state.bells.values)
        }
        for bell in bells { bell.ring() }
    }

    /// Changes the node as somebody else would.
    func changeNode(_ change: (inout Node) -> Void) {
        let bells = state.withLock { state in
            change(&state.node)
            state.touchNode()
            return Array(state.bells.values)
        }
        for bell in bells { bell.ring() }
    }

    var node: Node { state.withLock { $0.node } }
    var record: NodeRecord? { NodeRecord(on: node) }
    var conditions: [String: String] { state.withLock { $0.conditions } }
    var calls: [Call] { state.withLock { $0.calls.map(\.call) } }
    var timedCalls: [(at: Moment, call: Call)] { state.withLock { $0.calls } }
    var podsLeft: [String] { state.withLock { $0.pods.values.map(\.pod.reference.name).sorted() } }
    var mostInFlight: Int { state.withLock { $0.mostInFlight } }

    func set(_ budget: Budget, named name: String) { state.withLock { $0.budgets[name] = budget } }
    func wentAt(_ uid: String) -> Moment? { state.withLock { $0.gone.first { $0.uid == uid }?.at } }

    /// Requests that ask that pod to leave.
    func asks(for name: String) -> [Call] {
        calls.filter { call in
            switch call {
            case .evict(let pod, _), .delete(let pod, _): pod.name == name
            default: false
            }
        }
    }
}

extension SimulatedCluster.State {
    mutating func touchNode() {
        version += 1
        node.resourceVersion = String(version)
    }

    func pod(named name: String, _ namespace: String) -> Pod? {
        pods.values.first { $0.pod.reference.name == name && $0.pod.reference.namespace == namespace }?.pod
    }

    /// When the next pod stops by itself.
    var nextStop: Moment? { pods.values.filter { $0.pod.finalizers.isEmpty }.compactMap(\.end).min() }

    /// Removes the pods whose containers have stopped.
    mutating func kubeletActs(at now: Moment) {
        for (uid, pod) in pods.sorted(by: { $0.key < $1.key }) {
            guard let end = pod.end, end <= now, pod.pod.finalizers.isEmpty else { continue }
            pods[uid] = nil
            version += 1
            gone.append((uid, end))
            history.append((version, .gone(pod.pod.reference, resourceVersion: String(version))))
        }
    }

    private mutating func found(_ reference: PodReference) -> Result<SimulatedPod, KubernetesError> {
        if let pod = pods[reference.uid] { return .success(pod) }
        return .failure(pod(named: reference.name, reference.namespace) == nil ? .notFound : .otherUID)
    }

    mutating func evict(
        _ reference: PodReference, grace: Int?, dryRun: Bool, at now: Moment
    ) -> Result<Void, KubernetesError> {
        switch found(reference) {
        case .failure(let error): return .failure(error)
        case .success(let pod):
            if let answer = pod.answer { return .failure(answer) }
            if !pod.pod.isTerminating, let refusal = refusal(of: pod) { return .failure(refusal) }
            return dryRun ? .success(()) : stop(reference, grace: grace, at: now)
        }
    }

    mutating func delete(_ reference: PodReference, grace: Int?, at now: Moment) -> Result<Void, KubernetesError> {
        switch found(reference) {
        case .failure(let error): .failure(error)
        case .success: stop(reference, grace: grace, at: now)
        }
    }

    private func refusal(of pod: SimulatedPod) -> KubernetesError? {
        if pod.budgets.count > 1 { return .severalBudgets }
        guard let name = pod.budgets.first, let budget = budgets[name] else { return nil }
        switch budget {
        case .refuses(let retryAfter):
            return .budgetRefused(budget: name, message: "needs more", retryAfter: retryAfter)
        case .allows(let count):
            let terminating = pods.values.count { $0.budgets.first == name && $0.pod.isTerminating }
            return terminating < count ? nil : .budgetRefused(budget: name, message: "needs more", retryAfter: nil)
        }
    }

    private mutating func stop(
        _ reference: PodReference, grace: Int?, at now: Moment
    ) -> Result<Void, KubernetesError> {
        guard var pod = pods[reference.uid] else { return .failure(.notFound) }
        let seconds = grace ?? pod.pod.gracePeriod.wholeSeconds
        let end = now.advanced(by: .seconds(seconds))
        pod.graces.append(seconds)
        if let before = pod.graceEnd, before <= end {
            pods[reference.uid] = pod
            return .success(())
        }
        pod.graceEnd = end
        pod.stoppedAt = pod.stoppedAt ?? now
        pod.pod.deletionTimestamp = anchor.wall(at: end).rfc3339
        pod.pod.deletionGracePeriod = .seconds(seconds)
        pods[reference.uid] = pod
        version += 1
        history.append((version, .present(pod.pod, resourceVersion: String(version))))
        return .success(())
    }
}

// MARK: - Patches

extension SimulatedCluster.State {
    mutating func merge(_ patch: Patch) -> Result<Node, KubernetesError> {
        guard patch.form == .merge, let tree = try? JSONTree(patch.json) else {
            return .failure(.invalid(message: "not a merge patch"))
        }
        let metadata = tree["metadata"]
        if let version = metadata?["resourceVersion"]?.text, version != node.resourceVersion {
            return .failure(.conflict(message: "the object has been modified"))
        }
        merge(metadata?["labels"], into: &node.labels)
        merge(metadata?["annotations"], into: &node.annotations)
        switch tree["spec"]?["unschedulable"] {
        case .bool(let value): node.isUnschedulable = value
        case .null: node.isUnschedulable = false
        default: break
        }
        if let taints = tree["spec"]?["taints"]?.elements {
            node.taints = taints.map {
                Taint(
                    key: $0["key"]?.text ?? "", value: $0["value"]?.text, effect: $0["effect"]?.text ?? "",
                    timeAdded: $0["timeAdded"]?.text)
            }
        }
        touchNode()
        return .success(node)
    }

    private func merge(_ change: JSONTree?, into values: inout [String: String]) {
        for (key, value) in change?.members ?? [:] { values[key] = value.text }
    }

    mutating func mergeConditions(_ patch: Patch) -> Result<Void, KubernetesError> {
        guard patch.form == .strategic, let tree = try? JSONTree(patch.json) else {
            return .failure(.invalid(message: "not a strategic patch"))
        }
        for condition in tree["status"]?["conditions"]?.elements ?? [] {
            guard let type = condition["type"]?.text else { continue }
            conditions[type] = condition["$patch"] == nil ? condition["status"]?.text : nil
        }
        return .success(())
    }
}
