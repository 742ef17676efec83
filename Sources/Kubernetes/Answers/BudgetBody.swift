import JSON

/// `policy/v1.PodDisruptionBudgetList`, as far as a forecast reads it.
struct BudgetListBody: JSONReadable {
    var items: [BudgetBody]

    init(json: JSONValue) throws(JSONMismatch) {
        let members = try json.object()
        items = try members.required("items")
    }
}

/// One `policy/v1.PodDisruptionBudget`.
struct BudgetBody: JSONReadable {
    /// Which pods.
    struct Spec: JSONReadable {
        /// Absent for none.
        var selector: SelectorBody?

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            selector = try members.optional("selector")
        }
    }

    /// How many.
    struct Status: JSONReadable {
        var disruptionsAllowed: Int?

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            disruptionsAllowed = try members.optional("disruptionsAllowed")
        }
    }

    var metadata: ObjectMeta
    var spec: Spec?
    var status: Status?

    init(json: JSONValue) throws(JSONMismatch) {
        let members = try json.object()
        metadata = try members.required("metadata")
        spec = try members.optional("spec")
        status = try members.optional("status")
    }

    /// The budget; `nil` when it protects nobody.
    var budget: Budget? {
        guard let selector = spec?.selector else { return nil }
        return Budget(
            namespace: metadata.namespace ?? "", name: metadata.name, selector: selector.query,
            disruptionsAllowed: status?.disruptionsAllowed ?? 0)
    }
}

/// `metav1.LabelSelector`.
struct SelectorBody: JSONReadable {
    /// One requirement.
    struct Expression: JSONReadable {
        var key: String
        var `operator`: String
        var values: [String]?

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            key = try members.required("key")
            `operator` = try members.required("operator")
            values = try members.optional("values")
        }

        /// As a query says it.
        var query: String {
            let values = (values ?? []).joined(separator: ",")
            switch `operator` {
            case "In": return "\(key) in (\(values))"
            case "NotIn": return "\(key) notin (\(values))"
            case "DoesNotExist": return "!\(key)"
            default: return key
            }
        }
    }

    var matchLabels: [String: String]?
    var matchExpressions: [Expression]?

    init(json: JSONValue) throws(JSONMismatch) {
        let members = try json.object()
        matchLabels = try members.optional("matchLabels")
        matchExpressions = try members.optional("matchExpressions")
    }

    /// As a query says it.
    var query: String {
        let labels = (matchLabels ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return (labels + (matchExpressions ?? []).map(\.query)).joined(separator: ",")
    }
}

/// `core/v1.NodeList`, of which the names are read.
struct NodeNamesBody: JSONReadable {
    struct Item: JSONReadable {
        var metadata: ObjectMeta

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            metadata = try members.required("metadata")
        }
    }

    struct Metadata: JSONReadable {
        var next: String?

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            next = try members.optional("continue")
        }
    }

    var items: [Item]
    var metadata: Metadata?

    init(json: JSONValue) throws(JSONMismatch) {
        let members = try json.object()
        items = try members.required("items")
        metadata = try members.optional("metadata")
    }
}
