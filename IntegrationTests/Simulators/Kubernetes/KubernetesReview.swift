/// The requests by which a client asks who it is and what it may do.
enum KubernetesReview {
    /// The answer; nil when the request is no review.
    static func answer(
        _ call: APICall, _ user: ClusterUser, _ cluster: KubernetesCluster
    ) throws(APIStatus) -> LabResponse? {
        guard call.verb == "create", call.version == "v1" else { return nil }
        switch (call.group, call.resourceName) {
        case ("authentication.k8s.io", "selfsubjectreviews"):
            return created("SelfSubjectReview", call, status: identity(user), time: cluster.withState { $0.timestamp })
        case ("authorization.k8s.io", "selfsubjectaccessreviews"):
            let spec = try ClusterState.object(in: call)["spec"] ?? [:]
            let isAllowed = cluster.withState { $0.access.allows(user, attempt(spec)) }
            return created(
                "SelfSubjectAccessReview", call, spec: spec,
                status: isAllowed ? ["allowed": true, "reason": "simulated"] : ["allowed": false])
        case ("authorization.k8s.io", "selfsubjectrulesreviews"):
            let rules = cluster.withState { $0.access.rules(of: user) }
            return created("SelfSubjectRulesReview", call, spec: [:], status: self.rules(rules))
        default: return nil
        }
    }

    private static func attempt(_ spec: KubernetesJSON) -> AccessAttempt {
        let asked = spec["resourceAttributes"] ?? [:]
        let subresource = asked["subresource"]?.string.map { $0.isEmpty ? "" : "/" + $0 } ?? ""
        return AccessAttempt(
            verb: asked["verb"]?.string ?? "", group: asked["group"]?.string ?? "",
            resource: (asked["resource"]?.string ?? "") + subresource, namespace: asked["namespace"]?.string,
            name: asked["name"]?.string)
    }

    private static func created(
        _ kind: String, _ call: APICall, spec: KubernetesJSON? = nil, status: KubernetesJSON,
        time: KubernetesJSON? = nil
    ) -> LabResponse {
        var members: KubernetesJSON.Members = [
            "kind": .string(kind), "apiVersion": .string(call.group + "/v1"),
            "metadata": time.map { ["creationTimestamp": $0] } ?? [:],
        ]
        members["spec"] = spec
        members["status"] = status
        return .json(201, KubernetesJSON.object(members).text + "\n")
    }

    private static func identity(_ user: ClusterUser) -> KubernetesJSON {
        var info: KubernetesJSON.Members = ["username": .string(user.name)]
        if !user.uid.isEmpty { info["uid"] = .string(user.uid) }
        info["groups"] = .array(user.groups.map { .string($0) })
        if !user.extra.isEmpty {
            var extra: KubernetesJSON.Members = [:]
            for (key, values) in user.extra { extra[key] = .array(values.map { .string($0) }) }
            info["extra"] = .object(extra.sorted())
        }
        return ["userInfo": .object(info)]
    }

    private static func rules(_ rules: [AccessRule]) -> KubernetesJSON {
        func list(_ set: Set<String>) -> KubernetesJSON { .array(set.sorted().map { .string($0) }) }
        let resources = rules.map { rule -> KubernetesJSON in
            var members: KubernetesJSON.Members = [
                "verbs": list(rule.verbs), "apiGroups": list(rule.groups), "resources": list(rule.resources),
            ]
            members["resourceNames"] = rule.names.map(list)
            return .object(members)
        }
        return [
            "resourceRules": .array(resources),
            "nonResourceRules": [["verbs": ["get"], "nonResourceURLs": ["/livez", "/readyz", "/version"]]],
            "incomplete": false,
        ]
    }
}
