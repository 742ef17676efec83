/// What may not happen although the user is allowed to do such things.
extension ClusterState {
    /// The part of admission that comes before the request is looked at in detail.
    func admit(_ call: APICall, _ resource: KubernetesResource, _ user: ClusterUser) throws(APIStatus) {
        let isCreation = call.verb == "create"
        if resource.isNamespaced, isCreation, let name = call.namespace {
            guard let namespace = store[.namespaces, ObjectKey("", name)] else { throw .notFound(.namespaces, name) }
            if namespace.isTerminating || namespace.json["status", "phase"] == "Terminating" {
                throw .namespaceTerminating(resource.rawValue, nameOfNew(call), name)
            }
        }
        if let node = user.kubeletNode { try restrict(node, call, resource) }
        if let name = settings.ownNodePolicyUser, user.name == name, call.subresource != "eviction" {
            try hold(user, call, resource)
        }
    }

    private func nameOfNew(_ call: APICall) -> String {
        if let name = call.name { return name }
        // A body that cannot be read is refused by the next step, in better words.
        guard let body = try? KubernetesJSON(parsing: call.request.body) else { return "" }
        return body["metadata", "name"]?.string ?? ""
    }

    // The NodeRestriction plugin: a kubelet touches its own node and its own pods.
    private func restrict(_ node: String, _ call: APICall, _ resource: KubernetesResource) throws(APIStatus) {
        let name = call.name ?? ""
        switch (resource, call.verb, call.subresource) {
        case (.nodes, "patch", _), (.nodes, "update", _):
            if name != node {
                throw .forbidden(
                    "nodes", name, "node \"\(node)\" is not allowed to modify node \"\(name)\"")
            }
        case (.pods, "create", "eviction"):
            guard let pod = store[.pods, call.key] else { throw .notFound(.pods, name) }
            if pod.pod?.nodeName != node {
                throw .forbidden(
                    "pods", name, "node \(node) can only evict pods with spec.nodeName set to itself")
            }
        case (.pods, "create", nil):
            guard let body = try? KubernetesJSON(parsing: call.request.body) else { return }
            if body["metadata", "annotations"]?["kubernetes.io/config.mirror"] == nil {
                throw .forbidden(
                    "pods", body["metadata", "name"]?.string ?? "",
                    "pod does not have \"kubernetes.io/config.mirror\" annotation, node \"\(node)\" can only create "
                        + "mirror pods")
            }
        case (.pods, "delete", _):
            guard let pod = store[.pods, call.key] else { throw .notFound(.pods, name) }
            if pod.pod?.nodeName != node {
                throw .forbidden(
                    "pods", name, "node \"\(node)\" can only delete pods with spec.nodeName set to itself")
            }
        default: break
        }
    }

    // The policies that hold the handler to its own node, for what it does to nodes and by DELETE.
    private func hold(_ user: ClusterUser, _ call: APICall, _ resource: KubernetesResource) throws(APIStatus) {
        let node = user.extra["authentication.kubernetes.io/node-name"]?.first ?? ""
        let name = call.name ?? ""
        switch (resource, call.verb) {
        case (.nodes, "patch"), (.nodes, "update"), (.nodes, "delete"), (.nodes, "create"):
            guard let old = store[.nodes, call.key] else { return }
            if node.isEmpty {
                throw Self.denial(
                    "handler-own-node", "nodes", name,
                    "handler: the token carries no node name (needs a pod-bound ServiceAccount token, Kubernetes 1.30 "
                        + "or later)")
            }
            if name != node {
                throw Self.denial(
                    "handler-own-node", "nodes", name, "handler on node \(node) may not change node \(name)")
            }
            // A patch that cannot be read or applied is refused by the next step, in better words.
            let patch = try? KubernetesPatch(contentType: call.contentType, body: call.request.body)
            let spec = patch?.applied(to: old.document())?["spec"]
            for field in ["providerID", "podCIDR", "podCIDRs"] where patch != nil {
                if spec?[field] != old.json["spec"]?[field] {
                    throw Self.denial(
                        "handler-own-node", "nodes", name,
                        "handler: only unschedulable, taints, labels and annotations may change")
                }
            }
        case (.pods, "delete"):
            guard let pod = store[.pods, call.key], pod.pod?.nodeName != node || node.isEmpty else { return }
            throw Self.denial(
                "handler-own-pods-delete", "pods", name,
                "handler on node \"\(node)\" may not delete pod \(call.key.namespace)/\(name)")
        default: break
        }
    }

    /// The policy that holds the handler's evictions to its own node; asked after the names were compared.
    func admitEviction(_ call: APICall, _ user: ClusterUser) throws(APIStatus) {
        guard let name = settings.ownNodePolicyUser, user.name == name, let pod = store[.pods, call.key] else { return }
        let node = user.extra["authentication.kubernetes.io/node-name"]?.first ?? ""
        let other = pod.pod?.nodeName ?? ""
        if other == node, !node.isEmpty { return }
        throw Self.denial(
            "handler-own-pods-evict", "pods", pod.key.name,
            "handler on node \"\(node)\" may not evict pod \(pod.key.namespace)/\(pod.key.name) of node \"\(other)\"")
    }

    /// The policy that holds a deletion of many pods to its own node.
    func admitCollection(_ call: APICall, _ user: ClusterUser, _ pod: StoredObject) throws(APIStatus) {
        guard let name = settings.ownNodePolicyUser, user.name == name else { return }
        let node = user.extra["authentication.kubernetes.io/node-name"]?.first ?? ""
        if pod.pod?.nodeName == node, !node.isEmpty { return }
        throw Self.denial(
            "handler-own-pods-delete", "pods", "Unknown",
            "handler on node \"\(node)\" may not delete pod \(call.namespace ?? "")/(collection)")
    }

    private static func denial(_ policy: String, _ resource: String, _ name: String, _ why: String) -> APIStatus {
        let message = "ValidatingAdmissionPolicy '\(policy)' with binding '\(policy)' denied request: \(why)"
        return .forbidden(
            resource, name, message, causes: [APIStatus.Cause(reason: nil, message: message, field: nil)])
    }
}
