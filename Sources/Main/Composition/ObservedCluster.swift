import Kubernetes
import Status
import Synchronization

/// Counts what the API server is asked and remembers whether it answered last.
struct ObservedCluster: ClusterAPI {
    /// Whether the API server answers, as far as was seen.
    final class Reachability: Sendable {
        private let problem = Mutex<String?>("the API server was not asked yet")

        /// Why the API server counts as unreachable; `nil` when it answered last.
        var obstacle: String? { problem.withLock { $0 } }

        fileprivate func note(_ words: String?) { problem.withLock { $0 = words } }
    }

    let api: any ClusterAPI
    let instruments: Instruments
    let reachability: Reachability

    private func observed<Value>(
        _ verb: KubernetesVerb, _ resource: KubernetesResource,
        _ call: () async throws(KubernetesError) -> Value
    ) async throws(KubernetesError) -> Value {
        do throws(KubernetesError) {
            let value = try await call()
            instruments.kubernetesRequestEnded(verb, resource, status: 200)
            reachability.note(nil)
            return value
        } catch {
            instruments.kubernetesRequestEnded(verb, resource, status: error.status)
            if error.isCancellation { throw error }
            reachability.note(error.isSilence ? "the API server does not answer: \(error)" : nil)
            throw error
        }
    }

    func node(named name: String) async throws(KubernetesError) -> Node {
        try await observed(.get, .nodes) { () throws(KubernetesError) in try await api.node(named: name) }
    }

    func patchNode(named name: String, _ patch: Patch) async throws(KubernetesError) -> Node {
        try await observed(.patch, .nodes) { () throws(KubernetesError) in try await api.patchNode(named: name, patch) }
    }

    func patchNodeStatus(named name: String, _ patch: Patch) async throws(KubernetesError) {
        try await observed(.patch, .nodesStatus) { () throws(KubernetesError) in
            try await api.patchNodeStatus(named: name, patch)
        }
    }

    func pods(onNode name: String) async throws(KubernetesError) -> PodList {
        try await observed(.list, .pods) { () throws(KubernetesError) in try await api.pods(onNode: name) }
    }

    func watchPods(
        onNode name: String, from resourceVersion: String, reporting report: @escaping @Sendable (PodWatchEvent) -> Void
    ) async throws(KubernetesError) {
        try await observed(.watch, .pods) { () throws(KubernetesError) in
            try await api.watchPods(onNode: name, from: resourceVersion, reporting: report)
        }
    }

    func watchNode(
        named name: String, from resourceVersion: String, reporting report: @escaping @Sendable (Node) -> Void
    ) async throws(KubernetesError) {
        try await observed(.watch, .nodes) { () throws(KubernetesError) in
            try await api.watchNode(named: name, from: resourceVersion, reporting: report)
        }
    }

    func pod(named name: String, namespace: String) async throws(KubernetesError) -> Pod {
        try await observed(.get, .pods) { () throws(KubernetesError) in
            try await api.pod(named: name, namespace: namespace)
        }
    }

    func evict(_ pod: PodReference, grace: Int?, dryRun: Bool) async throws(KubernetesError) {
        try await observed(.create, .podsEviction) { () throws(KubernetesError) in
            try await api.evict(pod, grace: grace, dryRun: dryRun)
        }
    }

    func delete(_ pod: PodReference, grace: Int?, dryRun: Bool) async throws(KubernetesError) {
        try await observed(.delete, .pods) { () throws(KubernetesError) in
            try await api.delete(pod, grace: grace, dryRun: dryRun)
        }
    }

    func patchPodStatus(_ pod: PodReference, _ patch: Patch) async throws(KubernetesError) {
        try await observed(.patch, .podsStatus) { () throws(KubernetesError) in
            try await api.patchPodStatus(pod, patch)
        }
    }

    func post(_ event: EventNote) async throws(KubernetesError) {
        try await observed(.create, .events) { () throws(KubernetesError) in try await api.post(event) }
    }

    func may(_ access: AccessQuestion) async throws(KubernetesError) -> Bool {
        try await observed(.create, .accessReviews) { () throws(KubernetesError) in try await api.may(access) }
    }

    func serverVersion() async throws(KubernetesError) -> ServerVersion {
        try await observed(.get, .version) { () throws(KubernetesError) in try await api.serverVersion() }
    }
}

extension KubernetesError {
    /// The HTTP status that the error came from; `nil` when there was no answer.
    fileprivate var status: Int? {
        switch self {
        case .budgetRefused, .throttled: 429
        case .severalBudgets: 500
        case .namespaceTerminating, .forbidden, .denied: 403
        case .notFound: 404
        case .otherUID, .conflict: 409
        case .unauthorized: 401
        case .invalid: 422
        case .expired: 410
        case .serverFailed(let status, _, _): status
        case .garbled: 200
        case .unanswered, .credentialsUnavailable: nil
        }
    }

    /// Whether nobody answered at all.
    fileprivate var isSilence: Bool {
        if case .unanswered = self { return true }
        return false
    }
}
