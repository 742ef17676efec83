public import Interruption
public import Kubernetes
import Synchronization

/// An API server whose reads are real and whose writes are only told: what `--dry-run` hands to the drainer.
///
/// A pod that was asked to leave is shown as gone when its grace is over, which is what a forecast counts with too: so a dry
/// run takes as long as a real one may, and ends like it.
public final class DryRunCluster: ClusterAPI {
    private let cluster: any ClusterAPI
    private let timeline: any Timeline
    private let tell: @Sendable (String) -> Void
    private let stage = Mutex(DryRunStage())
    /// Rings when a pod was asked to leave, so that the watch knows until when to wait.
    private let bell = Bell()

    /// Reads from `cluster`; each write is told in words to `tell`, which must return at once.
    public init(_ cluster: any ClusterAPI, timeline: any Timeline, telling tell: @escaping @Sendable (String) -> Void) {
        self.cluster = cluster
        self.timeline = timeline
        self.tell = tell
    }

    /// The pods are where they are: nobody was asked to leave.
    public func forget() {
        stage.withLock { $0.forgetPods() }
    }

    /// Asks the cluster, and answers with what would be the cordon.
    public func node(named name: String) async throws(KubernetesError) -> Node {
        asItWouldBe(try await cluster.node(named: name))
    }

    /// Tells, and answers with the node as it would be, as far as the cordon goes.
    public func patchNode(named name: String, _ patch: Patch) async throws(KubernetesError) -> Node {
        tell("would patch node \(name): \(patch.json)")
        for value in [true, false] where patch.json.contains("\"unschedulable\":\(value)") {
            stage.withLock { $0.isUnschedulable = value }
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
        let now = timeline.now
        stage.withLock { stage in
            stage.learn(list.pods)
            list.pods.removeAll { stage.isGone($0.reference, at: now) }
        }
        return list
    }

    /// Watches the cluster, and shows who would be gone as gone, when he would be.
    public func watchPods(
        onNode name: String, from resourceVersion: String, reporting report: @escaping @Sendable (PodWatchEvent) -> Void
    ) async throws(KubernetesError) {
        let answer = await withTaskGroup(of: Result<Void, KubernetesError>?.self) { group in
            group.addTask {
                await outcome { () throws(KubernetesError) in
                    try await self.cluster.watchPods(onNode: name, from: resourceVersion) { event in
                        // Who was asked looks as if nothing had happened to him.
                        if case .present(let pod, _) = event, self.wasAsked(pod) { return }
                        report(event)
                    }
                }
            }
            group.addTask {
                await self.showDepartures(to: report)
                return nil
            }
            var answer = Result<Void, KubernetesError>.success(())
            for await result in group {
                guard let result else { continue }
                answer = result
                group.cancelAll()
            }
            return answer
        }
        try answer.get()
    }

    /// Asks the cluster.
    public func pod(named name: String, namespace: String) async throws(KubernetesError) -> Pod {
        try await cluster.pod(named: name, namespace: namespace)
    }

    /// Tells, unless the cluster would only try it anyway.
    public func evict(_ pod: PodReference, grace: Int?, dryRun: Bool) async throws(KubernetesError) {
        guard !dryRun else { return try await cluster.evict(pod, grace: grace, dryRun: true) }
        tell("would evict \(pod.namespace)/\(pod.name), \(Self.words(for: grace))")
        leaves(pod, within: grace)
    }

    /// Tells, unless the cluster would only try it anyway.
    public func delete(_ pod: PodReference, grace: Int?, dryRun: Bool) async throws(KubernetesError) {
        guard !dryRun else { return try await cluster.delete(pod, grace: grace, dryRun: true) }
        tell("would delete \(pod.namespace)/\(pod.name), \(Self.words(for: grace))")
        leaves(pod, within: grace)
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
}

extension DryRunCluster {
    private func asItWouldBe(_ node: Node) -> Node {
        var node = node
        node.isUnschedulable = stage.withLock { $0.isUnschedulable } ?? node.isUnschedulable
        return node
    }

    private func wasAsked(_ pod: Pod) -> Bool {
        stage.withLock { stage in
            stage.learn([pod])
            return stage.wasAsked(pod.reference)
        }
    }

    private func leaves(_ pod: PodReference, within grace: Int?) {
        let now = timeline.now
        stage.withLock { $0.leaves(pod, within: grace.map { .seconds($0) }, at: now) }
        bell.ring()
    }

    /// Reports each pod when its time is over, until the task is cancelled.
    private func showDepartures(to report: @Sendable (PodWatchEvent) -> Void) async {
        var shown: Set<PodReference> = []
        while !Task.isCancelled {
            let now = timeline.now
            let (gone, next) = stage.withLock { ($0.gone(at: now), $0.nextDeparture(after: now)) }
            for pod in gone.subtracting(shown) { report(.gone(pod, resourceVersion: "")) }
            shown = gone
            if let next {
                await bell.wait(until: next, on: timeline)
            } else {
                await bell.wait()
            }
        }
    }

    private static func words(for grace: Int?) -> String {
        grace.map { "grace \($0) s" } ?? "its own grace"
    }
}
