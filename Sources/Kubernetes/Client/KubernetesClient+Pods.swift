import JSON
import Transport

extension KubernetesClient {
    /// Maps to `GET /api/v1/pods?fieldSelector=spec.nodeName%3DNAME`, page after page, decoded item by item while it
    /// arrives.
    ///
    /// The pages are one consistent list. When the server has forgotten it in between (410), the list is begun again,
    /// once.
    public func pods(onNode name: String) async throws(KubernetesError) -> PodList {
        let (path, query) = (Call.path("api", "v1", "pods"), [("fieldSelector", "spec.nodeName=" + name)])
        do {
            return try await allPages(of: path, query)
        } catch .expired {
            return try await allPages(of: path, query)
        }
    }

    /// Maps to `GET /api/v1/namespaces/NS/pods/NAME`.
    public func pod(named name: String, namespace: String) async throws(KubernetesError) -> Pod {
        let call = Call(path: Call.path("api", "v1", "namespaces", namespace, "pods", name), limit: limits.pod)
        return try await exchange(call, expecting: PodBody.self).pod
    }

    /// Maps to `POST /api/v1/namespaces/NS/pods/NAME/eviction` with the uid as precondition.
    public func evict(_ pod: PodReference, grace: Int?, dryRun: Bool) async throws(KubernetesError) {
        let body = EvictionBody(pod, grace: grace, dryRun: dryRun).json.bytes
        let call = Call(
            method: .post, path: pod.path + "/eviction", query: dryRun ? [("dryRun", "All")] : [],
            contentType: JSON.mediaType, body: body, limit: limits.eviction)
        try await exchangeForStatus(call)
    }

    /// Maps to `DELETE /api/v1/namespaces/NS/pods/NAME` with the uid as precondition.
    public func delete(_ pod: PodReference, grace: Int?, dryRun: Bool) async throws(KubernetesError) {
        // The server ignores the query of a DELETE that has a body, so a dry run must be asked for in the body.
        let body = DeletionBody(pod, grace: grace, dryRun: dryRun).alone.bytes
        let call = Call(
            method: .delete, path: pod.path, contentType: JSON.mediaType, body: body, limit: limits.deletion)
        try await exchangeForStatus(call)
    }

    /// Maps to `PATCH /api/v1/namespaces/NS/pods/NAME/status`, for the condition `DisruptionTarget`.
    public func patchPodStatus(_ pod: PodReference, _ patch: Patch) async throws(KubernetesError) {
        try await exchangeForStatus(
            Call(patching: pod.path + "/status", patch, limit: limits.pod))
    }

    /// A list of pods, page after page.
    func allPages(of path: String, _ query: [(name: String, value: String)]) async throws(KubernetesError) -> PodList {
        var list: PodList?
        var next: String?
        for _ in 0..<limits.pages {
            let page = try await page(of: path, query, from: next)
            // Every page names the version of the whole list; the first one's is never too new for a watch.
            list = PodList(
                pods: (list?.pods ?? []) + page.pods, resourceVersion: list?.resourceVersion ?? page.resourceVersion)
            next = page.next
            if let list, next == nil {
                return list
            }
        }
        throw .garbled(detail: "a list of pods of more than \(limits.pages) pages")
    }

    private func page(
        of path: String, _ query: [(name: String, value: String)], from next: String?
    ) async throws(KubernetesError) -> PodPage {
        var query = query + [("limit", String(limits.pageSize))]
        if let next {
            query.append(("continue", next))
        }
        let sink = PodPageSink(itemLimit: limits.objectBytes)
        let call = Call(path: path, query: query, limit: limits.list)
        do {
            _ = try await exchange(call, to: sink)
        } catch .unanswered(.refusedBySink) {
            // The sink knows why it refused; `page()` throws that.
        }
        return try sink.page()
    }
}

extension PodReference {
    /// The pod's path on the API server.
    fileprivate var path: String {
        Call.path("api", "v1", "namespaces", namespace, "pods", name)
    }
}
