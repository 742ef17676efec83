/// A request, taken apart into what the API server calls its attributes.
struct APICall: Sendable {
    let request: LabRequest
    let verb: String
    /// The API group; empty for the core.
    let group: String
    let version: String
    /// The resource in the path, known or not; empty when the path names none.
    let resourceName: String
    let subresource: String?
    let namespace: String?
    let name: String?

    init(_ request: LabRequest) {
        self.request = request
        var parts = request.path.split(separator: "/").map(String.init)[...]
        var group = ""
        var version = ""
        switch parts.first {
        case "api" where parts.count >= 3:
            version = parts[1]
            parts = parts.dropFirst(2)
        case "apis" where parts.count >= 4:
            group = parts[1]
            version = parts[2]
            parts = parts.dropFirst(3)
        default:
            parts = []
        }
        self.group = group
        self.version = version
        var namespace: String?
        if parts.first == "namespaces", parts.count >= 2 {
            namespace = parts[parts.startIndex + 1]
            let isOwn = parts.count == 2 || (parts.count == 3 && ["status", "finalize"].contains(parts.last))
            if !isOwn { parts = parts.dropFirst(2) }
        }
        self.namespace = namespace
        let words = Array(parts)
        resourceName = words.first ?? ""
        name = words.count > 1 ? words[1] : nil
        subresource = words.count > 2 ? words[2...].joined(separator: "/") : nil
        verb = Self.verb(request, hasResource: !words.isEmpty, hasName: words.count > 1)
    }

    private static func verb(_ request: LabRequest, hasResource: Bool, hasName: Bool) -> String {
        guard hasResource else { return request.method.lowercased() }
        let isWatch = ["1", "true"].contains(request.queryValue("watch"))
        return switch request.method {
        case "GET", "HEAD": isWatch ? "watch" : hasName ? "get" : "list"
        case "POST": "create"
        case "PUT": "update"
        case "PATCH": "patch"
        case "DELETE": hasName ? "delete" : "deletecollection"
        default: request.method.lowercased()
        }
    }

    /// The stored resource that the path names; nil for reviews, for unknown ones and for paths that name none.
    var resource: KubernetesResource? {
        guard let resource = KubernetesResource(rawValue: resourceName), version == "v1" else { return nil }
        if resource == .events, group == "events.k8s.io" { return resource }
        return resource.group == group ? resource : nil
    }

    /// The resource with its subresource, or the path when it names none.
    var qualifiedResource: String {
        if resourceName.isEmpty { return request.path }
        return subresource.map { "\(resourceName)/\($0)" } ?? resourceName
    }

    /// Where the object is found.
    var key: ObjectKey {
        resource == .namespaces || resource == .nodes
            ? ObjectKey("", name ?? "") : ObjectKey(namespace ?? "", name ?? "")
    }

    /// What authorization is asked.
    var attempt: AccessAttempt {
        AccessAttempt(verb: verb, group: group, resource: qualifiedResource, namespace: namespace, name: name)
    }

    /// The media type of the body, without parameters.
    var contentType: String? { request.header("Content-Type") }

    /// Whether the query asks for a trial only.
    var isDryRun: Bool { request.query.contains { $0.name == "dryRun" && $0.value == "All" } }
}
