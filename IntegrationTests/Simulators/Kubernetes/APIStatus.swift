/// A refusal of the API server, as its `Status` object says it.
struct APIStatus: Error, Sendable {
    /// One of the causes in the details.
    struct Cause: Sendable {
        var reason: String?
        var message: String
        var field: String?
    }

    var code: Int
    var reason: String?
    var message: String
    /// Whether `details` is there although nothing is in it.
    var hasEmptyDetails = false
    var name: String?
    var group: String?
    var kind: String?
    var causes: [Cause] = []
    /// Seconds; also sent as `Retry-After`.
    var retryAfter: Int?
    /// The token with which an expired list may go on, inconsistently.
    var continueToken: String?
    /// Whether it is authorization that refused, which is answered with one more header.
    var isAuthorization = false

    /// The `Status` object, its keys in the API server's order.
    var json: KubernetesJSON {
        var status: KubernetesJSON.Members = ["kind": "Status", "apiVersion": "v1"]
        status["metadata"] = continueToken.map { ["continue": .string($0)] } ?? [:]
        status["status"] = "Failure"
        status["message"] = .string(message)
        status["reason"] = reason.map { .string($0) }
        var details: KubernetesJSON.Members = [:]
        details["name"] = name.map { .string($0) }
        details["group"] = group.map { .string($0) }
        details["kind"] = kind.map { .string($0) }
        if !causes.isEmpty {
            details["causes"] = .array(
                causes.map { cause in
                    var members: KubernetesJSON.Members = [:]
                    members["reason"] = cause.reason.map { .string($0) }
                    members["message"] = .string(cause.message)
                    members["field"] = cause.field.map { .string($0) }
                    return .object(members)
                })
        }
        details["retryAfterSeconds"] = retryAfter.map { .integer($0) }
        if !details.isEmpty || hasEmptyDetails { status["details"] = .object(details) }
        status["code"] = .integer(code)
        return .object(status)
    }
}

extension APIStatus {
    /// The answer to a successful eviction, and to other requests without an object to show.
    static let created: KubernetesJSON = [
        "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201,
    ]

    static func badRequest(_ message: String) -> APIStatus {
        APIStatus(code: 400, reason: "BadRequest", message: message)
    }

    static let unauthorized = APIStatus(code: 401, reason: "Unauthorized", message: "Unauthorized")

    static func notFound(_ resource: KubernetesResource, _ name: String) -> APIStatus {
        APIStatus(
            code: 404, reason: "NotFound", message: "\(resource.qualified) \"\(name)\" not found", name: name,
            group: resource.group.isEmpty ? nil : resource.group, kind: resource.rawValue)
    }

    static let methodNotAllowed = APIStatus(
        code: 405, reason: "MethodNotAllowed",
        message: "the server does not allow this method on the requested resource", hasEmptyDetails: true)

    static let unsupportedMediaType = APIStatus(
        code: 415, reason: "UnsupportedMediaType", message: "415: Unsupported Media Type", hasEmptyDetails: true)

    /// A JSON patch that does not fit.
    static let patchRejected = APIStatus(
        code: 422, reason: "Invalid", message: "the server rejected our request due to an error in our request",
        hasEmptyDetails: true)

    static func alreadyExists(_ resource: KubernetesResource, _ name: String) -> APIStatus {
        APIStatus(
            code: 409, reason: "AlreadyExists", message: "\(resource.qualified) \"\(name)\" already exists", name: name,
            group: resource.group.isEmpty ? nil : resource.group, kind: resource.rawValue)
    }

    /// A stale resourceVersion.
    static func modified(_ resource: KubernetesResource, _ name: String) -> APIStatus {
        APIStatus(
            code: 409, reason: "Conflict",
            message:
                "Operation cannot be fulfilled on \(resource.qualified) \"\(name)\": the object has been modified; "
                + "please apply your changes to the latest version and try again",
            name: name, group: resource.group.isEmpty ? nil : resource.group, kind: resource.rawValue)
    }

    /// A precondition of a deletion that does not hold; names the kind instead of the resource.
    static func precondition(_ kind: String, _ name: String, _ why: String) -> APIStatus {
        APIStatus(
            code: 409, reason: "Conflict", message: "Operation cannot be fulfilled on \(kind) \"\(name)\": \(why)",
            name: name, kind: kind)
    }

    /// Something that the object's rules forbid; the real server lists a cause once for each time it looked.
    static func invalid(
        _ kind: String, _ name: String, field: String, cause reason: String, _ detail: String, times: Int = 1
    ) -> APIStatus {
        APIStatus(
            code: 422, reason: "Invalid", message: "\(kind) \"\(name)\" is invalid: \(field): \(detail)", name: name,
            kind: kind,
            causes: Array(repeating: Cause(reason: reason, message: detail, field: field), count: times))
    }

    static func forbidden(
        _ resource: String, group: String = "", _ name: String?, _ why: String, causes: [Cause] = [],
        isAuthorization: Bool = false
    ) -> APIStatus {
        let qualified = group.isEmpty ? resource : "\(resource).\(group)"
        let subject = name.map { "\(qualified) \"\($0)\"" } ?? qualified
        return APIStatus(
            code: 403, reason: "Forbidden", message: "\(subject) is forbidden: \(why)", name: name,
            group: group.isEmpty ? nil : group, kind: resource, causes: causes, isAuthorization: isAuthorization)
    }

    static func namespaceTerminating(_ resource: String, _ name: String, _ namespace: String) -> APIStatus {
        forbidden(
            resource, name,
            "unable to create new content in namespace \(namespace) because it is being terminated",
            causes: [
                Cause(
                    reason: "NamespaceTerminating", message: "namespace \(namespace) is being terminated",
                    field: "metadata.namespace")
            ])
    }

    /// What a budget answers that allows no eviction now.
    static func budget(_ detail: String, retryAfter: Int? = nil) -> APIStatus {
        APIStatus(
            code: 429, reason: "TooManyRequests",
            message: "Cannot evict pod as it would violate the pod's disruption budget.",
            causes: [Cause(reason: "DisruptionBudget", message: detail, field: nil)], retryAfter: retryAfter)
    }

    static let twoBudgets = APIStatus(
        code: 500,
        message: "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.")

    /// What an eviction is told whose budget others changed each time it was tried.
    static let budgetContended = APIStatus(
        code: 504, reason: "Timeout", message: "couldn't update PodDisruptionBudget due to conflicts", retryAfter: 10)

    /// The end of a watch that asks for versions which are not kept any more.
    static func tooOld(_ asked: Int, _ oldest: Int) -> APIStatus {
        APIStatus(code: 410, reason: "Expired", message: "too old resource version: \(asked) (\(oldest))")
    }

    /// A list that went on for too long.
    static func expiredContinue(_ fresh: String) -> APIStatus {
        APIStatus(
            code: 410, reason: "Expired",
            message: "The provided continue parameter is too old to display a consistent list result. You can start a "
                + "new list without the continue parameter, or use the continue token in this response to retrieve the "
                + "remainder of the results. Continuing with the provided token results in an inconsistent list - "
                + "objects that were created, modified, or deleted between the time the first chunk was returned and "
                + "now may show up in the list.",
            continueToken: fresh)
    }
}
