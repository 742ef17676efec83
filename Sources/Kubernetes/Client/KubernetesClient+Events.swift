import Transport

extension KubernetesClient {
    /// Maps to `POST /api/v1/namespaces/NS/events`; an event about a node goes to the namespace `default`, the only one
    /// it may be in.
    public func post(_ event: EventNote) async throws(KubernetesError) {
        let body = EventBody(event, component: userAgent)
        let call = Call(
            method: .post, path: Call.path("api", "v1", "namespaces", body.metadata.namespace, "events"),
            contentType: JSON.mediaType, body: try JSON.encode(body), limit: limits.event)
        try await exchangeForStatus(call)
    }
}
