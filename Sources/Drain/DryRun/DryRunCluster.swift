public import Kubernetes
import Synchronization

/// An API server whose reads are real and whose writes are only told: what `--dry-run` hands to the drainer.
///
/// A pod that was asked to leave is shown as gone afterwards, so that a dry run comes to its end like a real one.
public final class DryRunCluster: ClusterAPI {
    private typealias Watcher = @Sendable (PodWatchEvent) -> Void

    private struct State {
        var departed: Set<PodReference> = []
        /// Whether the node would be unschedulable by now; `nil` while nobody would have touched that.
        var isUnschedulable: Bool?
        var watchers: [Int: Watcher] = [:]
        var nextID = 0
    }

    private let cluster: any ClusterAPI
    private let tell: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// Reads from `cluster`; each write is told in words to `tell`, which must return at once.
    public init(_ cluster: any ClusterAPI, telling tell: @escaping @Sendable (String) -> Void) {
        self.cluster = cluster
        self.tell = tell
    }

    /// Asks the cluster, and answers with what would be the cordon.
    public func node(named name: String) async throws(KubernetesError) -> Node {
        asItWouldBe(try await cluster.node(named: name))
    }

    /// Tells, and answers with the node as it would be, as far as the cordon goes.
    public func patchNode(named name: String, _ patch: Patch) async throws(KubernetesError) -> Node {
        tell("would patch node \(name): \(patch.json)")
        for value in [true, false] where patch.json.contains("\"unschedulable\":\(value)") {
            state.withLock { $0.isUnschedulable = value }
        }
        return try await node(named: name)
    }

    /// Watches the cluster, and shows what would be the cordon.
    public func watchNode(
        named name: String, from resourceVersion: String, reporting report: @escaping @Sendable (Node) -> Void
    ) async throws(KubernetesError) {
        try await cluster.watchNode(named: name, from: resourceVersion) { report(self.asItWouldBe($0)) }
    }

    /// Tells.
    public func patchNodeStatus(named name: String, _ patch: Patch) async throws(KubernetesError) {
        tell("would patch the status of node \(name): \(patch.json)")
    }

    /// Asks the cluster, and leaves out who would be gone.
    public func pods(onNode name: String) async throws(KubernetesError) -> PodList {
        var list = try await cluster.pods(onNode: name)
        let departed = state.withLock { $0.departed }
        list.pods.removeAll { departed.contains($0.reference) }
        return list
    }

    /// Watches the cluster, and shows who would be gone as gone.
    public func watchPods(
        onNode name: String, from resourceVersion: String, reporting report: @escaping @Sendable (PodWatchEvent) -> Void
    ) async throws(KubernetesError) {
        let (id, departed) = state.withLock { state in
            state.nextID += 1
            state.watchers[state.nextID] = report
            return (state.nextID, state.departed)
        }
        defer { state.withLock { $0.watchers[id] = nil } }
        for reference in departed { report(.gone(reference, resourceVersion: "")) }
        try await cluster.watchPods(onNode: name, from: resourceVersion) { event in
            if case .present(let pod, _) = event, self.hasDeparted(pod.reference) { return }
            report(event)
        }
    }

    /// Asks the cluster.
    public func pod(named name: String, namespace: String) async throws(KubernetesError) -> Pod {
        try await cluster.pod(named: name, namespace: namespace)
    }

    /// Tells, unless the cluster would only try it anyway.
    public func evict(_ pod: PodReference, grace: Int?, dryRun: Bool) async throws(KubernetesError) {
        guard !dryRun else { return try await cluster.evict(pod, grace: grace, dryRun: true) }
        tell("would evict \(pod.namespace)/\(pod.name), \(Self.words(for: grace))")
        departs(pod)
    }

    /// Tells, unless the cluster would only try it anyway.
    public func delete(_ pod: PodReference, grace: Int?, dryRun: Bool) async throws(KubernetesError) {
        guard !dryRun else { return try await cluster.delete(pod, grace: grace, dryRun: true) }
        tell("would delete \(pod.namespace)/\(pod.name), \(Self.words(for: grace))")
        departs(pod)
    }

    /// Tells.
    public func patchPodStatus(_ pod: PodReference, _ patch: Patch) async throws(KubernetesError) {
        tell("would patch the status of \(pod.namespace)/\(pod.name): \(patch.json)")
    }

    /// Tells.
    public func post(_ event: EventNote) async throws(KubernetesError) {
        tell("would write an event: \(event.reason): \(event.message)")
    }

    /// Asks the cluster.
    public func may(_ access: AccessQuestion) async throws(KubernetesError) -> Bool {
        try await cluster.may(access)
    }

    /// Asks the cluster.
    public func serverVersion() async throws(KubernetesError) -> ServerVersion {
        try await cluster.serverVersion()
    }

    private func asItWouldBe(_ node: Node) -> Node {
        var node = node
        node.isUnschedulable = state.withLock { $0.isUnschedulable } ?? node.isUnschedulable
        return node
    }

    private func hasDeparted(_ pod: PodReference) -> Bool {
        state.withLock { $0.departed.contains(pod) }
    }

    private func departs(_ pod: PodReference) {
        let watchers = state.withLock { state in
            state.departed.insert(pod)
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher(.gone(pod, resourceVersion: "")) }
    }

    private static func words(for grace: Int?) -> String {
        grace.map { "grace \($0) s" } ?? "its own grace"
    }
}
