import JSON

/// `authorization.k8s.io/v1.SelfSubjectAccessReview`, as it is asked.
struct AccessReviewBody: Encodable {
    /// What would be done.
    struct Attributes: Encodable {
        var verb: String
        var group: String
        var resource: String
        var subresource: String?
        var name: String?
        var namespace: String?
    }

    /// The question.
    struct Spec: Encodable {
        var resourceAttributes: Attributes
    }

    let apiVersion = "authorization.k8s.io/v1"
    let kind = "SelfSubjectAccessReview"
    /// The question.
    var spec: Spec

    /// The review that asks `question`.
    init(_ question: AccessQuestion) {
        spec = Spec(
            resourceAttributes: Attributes(
                verb: question.verb, group: question.group, resource: question.resource,
                subresource: question.subresource, name: question.name, namespace: question.namespace))
    }
}

/// `authorization.k8s.io/v1.SelfSubjectAccessReview`, as it is answered.
struct AccessAnswerBody: JSONReadable {
    /// The answer.
    struct Status: JSONReadable {
        /// Whether we may.
        var allowed: Bool

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            allowed = try members.required("allowed")
        }
    }

    /// The answer.
    var status: Status

    init(json: JSONValue) throws(JSONMismatch) {
        let members = try json.object()
        status = try members.required("status")
    }
}

/// The answer of `GET /version`, as far as we read it.
struct VersionBody: JSONReadable {
    /// Such as `v1.36.2`.
    var gitVersion: String

    init(json: JSONValue) throws(JSONMismatch) {
        let members = try json.object()
        gitVersion = try members.required("gitVersion")
    }
}
