import Interruption
import Kubernetes

/// The API server as the handler of one node sees it.
struct FleetNodeAPI: ClusterAPI {
    let node: Int
    let cluster: FleetCluster
    let server: APIServerModel
    let timeline: any Timeline

    private var object: Node {
        Node(
            name: "node-\(node)", uid: "node-\(node)", resourceVersion: "1", isUnschedulable: cluster.isCordoned(node),
            bootID: "boot")
    }

    func node(named name: String) async throws(KubernetesError) -> Node {
        try await server.serve(.read) { _ in .success(object) }
    }

    func patchNode(named name: String, _ patch: Patch) async throws(KubernetesError) -> Node {
        try await server.serve(.write) { now in
            if patch.json.contains("unschedulable") { cluster.cordon(node, at: now) }
            return .success(object)
        }
    }

    func patchNodeStatus(named name: String, _ patch: Patch) async throws(KubernetesError) {
        try await server.serve(.write) { _ in .success(()) }
    }

    func pods(onNode name: String) async throws(KubernetesError) -> PodList {
        try await server.serve(.list) { _ in .success(cluster.list(node)) }
    }

    func watchNode(
        named name: String, from resourceVersion: String, reporting report: @escaping @Sendable (Node) -> Void
    ) async throws(KubernetesError) {
        try await server.serve(.read) { _ in .success(()) }
        // Nobody touches the node; ends by cancellation only.
        try? await timeline.sleep(until: Scenario.end, tolerance: nil)
    }

    func watchPods(
        onNode name: String, from resourceVersion: String, reporting report: @escaping @Sendable (PodWatchEvent) -> Void
    ) async throws(KubernetesError) {
        // A watch keeps its seat only while it is opened.
        try await server.serve(.read) { _ in
            cluster.watch(node, report)
            return .success(())
        }
        // Ends by cancellation only.
        try? await timeline.sleep(until: Scenario.end, tolerance: nil)
        cluster.watch(node, nil)
    }

    func pod(named name: String, namespace: String) async throws(KubernetesError) -> Pod {
        try await server.serve(.read) { _ in .failure(.notFound) }
    }

    func evict(_ pod: PodReference, grace: Int?, dryRun: Bool) async throws(KubernetesError) {
        try await server.serve(.eviction) { now in
            cluster.remove(pod, grace: grace, asksBudget: true, at: now)
        }
    }

    func delete(_ pod: PodReference, grace: Int?, dryRun: Bool) async throws(KubernetesError) {
        try await server.serve(.write) { now in
            cluster.remove(pod, grace: grace, asksBudget: false, at: now)
        }
    }

    func patchPodStatus(_ pod: PodReference, _ patch: Patch) async throws(KubernetesError) {
        try await server.serve(.write) { _ in cluster.isThere(pod) ? .success(()) : .failure(.notFound) }
    }

    func post(_ event: EventNote) async throws(KubernetesError) {
        try await server.serve(.write) { _ in .success(()) }
    }

    func may(_ access: AccessQuestion) async throws(KubernetesError) -> Bool {
        try await server.serve(.write) { _ in .success(true) }
    }

    func serverVersion() async throws(KubernetesError) -> ServerVersion {
        try await server.serve(.read) { _ in .success(ServerVersion(gitVersion: "v1.36.2", date: nil)) }
    }
}
