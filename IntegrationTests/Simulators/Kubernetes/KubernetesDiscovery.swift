/// What the API server says about itself.
enum KubernetesDiscovery {
    private static let groups = [
        "apps", "authentication.k8s.io", "authorization.k8s.io", "batch", "events.k8s.io", "policy",
    ]

    /// The answer to a path that names no resource.
    static func answer(_ path: String, version: String) -> LabResponse {
        let parts = path.split(separator: "/").map(String.init)
        switch parts {
        case ["livez"], ["readyz"], ["healthz"]:
            return LabResponse(
                status: 200,
                headers: [
                    (name: "Content-Type", value: "text/plain; charset=utf-8"),
                    (name: "X-Content-Type-Options", value: "nosniff"),
                ],
                body: .bytes(Array("ok".utf8)))
        case ["version"]: return json(self.version(version))
        case ["api"]:
            let address: KubernetesJSON = ["clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1:6443"]
            return json(["kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [address]])
        case ["apis"]:
            return json([
                "kind": "APIGroupList", "apiVersion": "v1", "groups": .array(groups.map { group($0, isAlone: false) }),
            ])
        case ["api", "v1"]: return json(resources("v1", core))
        default:
            if parts.count >= 2, parts[0] == "apis", groups.contains(parts[1]) {
                if parts.count == 2 { return json(group(parts[1], isAlone: true)) }
                if parts.count == 3, parts[2] == "v1" { return json(resources(parts[1] + "/v1", list(parts[1]))) }
            }
            return .notFoundPage
        }
    }

    private static func json(_ value: KubernetesJSON) -> LabResponse { .json(200, value.text + "\n") }

    private static func version(_ text: String) -> KubernetesJSON {
        let numbers = text.drop { $0 == "v" }.split(separator: ".").map(String.init)
        return [
            "major": .string(numbers.first ?? ""), "minor": .string(numbers.count > 1 ? numbers[1] : ""),
            "emulationMajor": .string(numbers.first ?? ""),
            "emulationMinor": .string(numbers.count > 1 ? numbers[1] : ""),
            "gitVersion": .string(text), "gitCommit": "", "gitTreeState": "clean", "buildDate": "2026-06-01T00:00:00Z",
            "goVersion": "go1.25", "compiler": "gc", "platform": "linux/amd64",
        ]
    }

    private static func group(_ name: String, isAlone: Bool) -> KubernetesJSON {
        let version: KubernetesJSON = ["groupVersion": .string(name + "/v1"), "version": "v1"]
        var members: KubernetesJSON.Members = isAlone ? ["kind": "APIGroup", "apiVersion": "v1"] : [:]
        members["name"] = .string(name)
        members["versions"] = [version]
        members["preferredVersion"] = version
        return .object(members)
    }

    private static func resources(_ version: String, _ list: [KubernetesJSON]) -> KubernetesJSON {
        var members: KubernetesJSON.Members = ["kind": "APIResourceList"]
        if version != "v1" { members["apiVersion"] = "v1" }
        members["groupVersion"] = .string(version)
        members["resources"] = .array(list)
        return .object(members)
    }

    private static var core: [KubernetesJSON] {
        let eviction: KubernetesJSON = [
            "name": "pods/eviction", "singularName": "", "namespaced": true, "group": "policy", "version": "v1",
            "kind": "Eviction", "verbs": ["create"],
        ]
        return list("") + [
            status(.nodes), status(.pods), status(.namespaces), eviction,
        ]
    }

    private static func list(_ group: String) -> [KubernetesJSON] {
        switch group {
        case "authentication.k8s.io": return [review("selfsubjectreviews", "SelfSubjectReview")]
        case "authorization.k8s.io":
            return [
                review("selfsubjectaccessreviews", "SelfSubjectAccessReview"),
                review("selfsubjectrulesreviews", "SelfSubjectRulesReview"),
            ]
        case "events.k8s.io": return [entry(.events)]
        default:
            let found = KubernetesResource.allCases.filter { $0.group == group }.map(entry)
            return group == "policy" ? found + [status(.podDisruptionBudgets)] : found
        }
    }

    private static func entry(_ resource: KubernetesResource) -> KubernetesJSON {
        let verbs: [KubernetesJSON] =
            resource.isWritable
            ? ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
            : ["get", "list", "watch"]
        var members: KubernetesJSON.Members = [
            "name": .string(resource.rawValue), "singularName": .string(resource.kind.lowercased()),
            "namespaced": .bool(resource.isNamespaced), "kind": .string(resource.kind), "verbs": .array(verbs),
        ]
        if !resource.shortNames.isEmpty { members["shortNames"] = .array(resource.shortNames.map { .string($0) }) }
        return .object(members)
    }

    private static func status(_ resource: KubernetesResource) -> KubernetesJSON {
        [
            "name": .string(resource.rawValue + "/status"), "singularName": "",
            "namespaced": .bool(resource.isNamespaced), "kind": .string(resource.kind),
            "verbs": ["get", "patch", "update"],
        ]
    }

    private static func review(_ name: String, _ kind: String) -> KubernetesJSON {
        [
            "name": .string(name), "singularName": .string(kind.lowercased()), "namespaced": false,
            "kind": .string(kind), "verbs": ["create"],
        ]
    }
}
