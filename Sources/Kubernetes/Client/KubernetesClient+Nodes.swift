import Transport

extension KubernetesClient {
    /// Maps to `GET /api/v1/nodes/NAME`.
    public func node(named name: String) async throws(KubernetesError) -> Node {
        let call = Call(path: Call.path("api", "v1", "nodes", name), limit: limits.node)
        return try await exchange(call, expecting: NodeBody.self).node
    }

    /// Maps to `PATCH /api/v1/nodes/NAME` and returns the node as it is then.
    public func patchNode(named name: String, _ patch: Patch) async throws(KubernetesError) -> Node {
        let call = Call(patching: Call.path("api", "v1", "nodes", name), patch, limit: limits.node)
        return try await exchange(call, expecting: NodeBody.self).node
    }

    /// Maps to `PATCH /api/v1/nodes/NAME/status`, for conditions.
    public func patchNodeStatus(named name: String, _ patch: Patch) async throws(KubernetesError) {
        let call = Call(patching: Call.path("api", "v1", "nodes", name, "status"), patch, limit: limits.node)
        try await exchangeForStatus(call)
    }
}

extension Call {
    /// A `PATCH`; its media type is the patch's form.
    init(patching path: String, _ patch: Patch, limit: Duration) {
        self.init(
            method: .patch, path: path, contentType: patch.form.rawValue, body: Array(patch.json.utf8), limit: limit)
    }
}
