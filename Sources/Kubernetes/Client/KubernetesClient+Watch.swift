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
        let query = [
            ("watch", "true"), ("allowWatchBookmarks", "true"), ("fieldSelector", "spec.nodeName=" + name),
            ("resourceVersion", resourceVersion),
            ("timeoutSeconds", String(max(1, limits.watch.components.seconds))),
        ]
        let sink = PodWatchSink(lineLimit: limits.objectBytes, report: report)
        // The server ends the watch; our own limit is only for a server that forgets to.
        let call = Call(path: Call.path("api", "v1", "pods"), query: query, limit: limits.watch + .seconds(10))
        do {
            _ = try await exchange(call, as: .watch, to: sink)
        } catch .unanswered(.refusedBySink) {
            // The sink knows why it refused; `finish()` throws that.
        }
        try sink.finish()
    }
}
