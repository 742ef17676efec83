import JSON

/// `metav1.Status`, as far as refusals are told apart by it.
struct StatusBody: JSONReadable {
    /// What the refusal is about.
    struct Details: JSONReadable {
        /// The object's name.
        var name: String?
        /// Its kind, or its resource.
        var kind: String?
        /// Machine-readable reasons.
        var causes: [Cause]?
        /// When to ask again.
        var retryAfterSeconds: Int?

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            name = try members.optional("name")
            kind = try members.optional("kind")
            causes = try members.optional("causes")
            retryAfterSeconds = try members.optional("retryAfterSeconds")
        }

        /// `retryAfterSeconds`, unless it is absent or 0 ("no idea").
        var retryAfter: Duration? {
            retryAfterSeconds.flatMap { $0 > 0 ? .seconds(min($0, 86_400)) : nil }
        }
    }

    /// One reason.
    struct Cause: JSONReadable {
        /// Such as `DisruptionBudget`.
        var reason: String?
        /// For people.
        var message: String?

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            reason = try members.optional("reason")
            message = try members.optional("message")
        }
    }

    /// Always `Status`.
    var kind: String
    /// `Success` or `Failure`.
    var status: String?
    /// For people.
    var message: String?
    /// Such as `NotFound`; empty for some refusals.
    var reason: String?
    /// More.
    var details: Details?
    /// The HTTP status once more.
    var code: Int?

    init(json: JSONValue) throws(JSONMismatch) {
        let members = try json.object()
        kind = try members.required("kind")
        status = try members.optional("status")
        message = try members.optional("message")
        reason = try members.optional("reason")
        details = try members.optional("details")
        code = try members.optional("code")
    }

    /// The status in `bytes`, unless they are something else.
    init?(_ bytes: [UInt8]) {
        // Anything else than a Status (HTML, plain text, nothing) is an answer of its own kind, not a failure.
        guard let json = JSONValue(reading: bytes, allowsTrailingCommas: true), let body = try? StatusBody(json: json),
            body.kind == "Status"
        else { return nil }
        self = body
    }

    /// Whether it is about a PodDisruptionBudget, and not about what the request named.
    var isAboutBudget: Bool {
        details?.kind?.lowercased().hasPrefix("poddisruptionbudget") ?? false
    }

    /// The first cause with that reason.
    func cause(_ reason: String) -> Cause? {
        details?.causes?.first { $0.reason == reason }
    }
}

/// The one field that tells an answer of the API server from a stranger's page.
struct KindBody: JSONReadable {
    /// Such as `Status` or `Pod`.
    var kind: String

    init(json: JSONValue) throws(JSONMismatch) {
        let members = try json.object()
        kind = try members.required("kind")
    }
}
