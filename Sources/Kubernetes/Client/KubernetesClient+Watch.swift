import Transport

extension KubernetesClient {
    /// Maps to `GET /api/v1/pods?watch=true&fieldSelector=spec.nodeName%3DNAME` from `resourceVersion`.
    ///
    /// Returns when the server ends the watch in good order (after `limits.watch`); throws `expired` when the version
    /// is too old, and `unanswered` when the stream broke, also in the middle of an event. `report` runs on the
    /// transport's thread: be quick.
    public func watchPods(
        onNode name: String, from resourceVersion: String, reporting report: @escaping @Sendable (PodWatchEvent) -> Void
    ) async throws(KubernetesError) {
        let sink = WatchSink(podLinesUpTo: limits.objectBytes, report: report)
        try await watch(["api", "v1", "pods"], "spec.nodeName=" + name, from: resourceVersion, to: sink)
    }

    /// Maps to `GET /api/v1/nodes?watch=true&fieldSelector=metadata.name%3DNAME` from `resourceVersion`; ends as `watchPods` does.
    public func watchNode(
        named name: String, from resourceVersion: String, reporting report: @escaping @Sendable (Node) -> Void
    ) async throws(KubernetesError) {
        let sink = WatchSink<NodeBody>(.nodeWatchLine, lineLimit: limits.objectBytes) { content in
            if case .present(let body) = content { report(body.node) }
        }
        try await watch(["api", "v1", "nodes"], "metadata.name=" + name, from: resourceVersion, to: sink)
    }

    private func watch<Object: JSONReadable & Sendable>(
        _ path: [String], _ selector: String, from resourceVersion: String, to sink: WatchSink<Object>
    ) async throws(KubernetesError) {
        let query = [
            ("watch", "true"), ("allowWatchBookmarks", "true"), ("fieldSelector", selector),
            ("resourceVersion", resourceVersion),
            ("timeoutSeconds", String(max(1, limits.watch.components.seconds))),
        ]
        // The server ends the watch; our own limit is only for a server that forgets to.
        let call = Call(path: Call.path(path), query: query, limit: limits.watch + .seconds(10))
        do {
            _ = try await exchange(call, as: .watch, to: sink)
        } catch .unanswered(.refusedBySink) {
            // The sink knows why it refused; `finish()` throws that.
        }
        try sink.finish()
    }
}
