/// Which objects a list or a watch is about.
struct ObjectSelector: Sendable {
    var namespace: String?
    var fields: [FieldRequirement] = []
    var labels = LabelSelector.everything

    /// Whether the selection is narrower than the whole resource or namespace.
    var isFiltered: Bool { !fields.isEmpty || !labels.isEverything }

    func matches(_ object: StoredObject) -> Bool {
        if let namespace, object.key.namespace != namespace { return false }
        return fields.allSatisfy { $0.matches(object) } && labels.matches(object.labels)
    }
}

/// One term of a field selector, such as `spec.nodeName=node-a`.
struct FieldRequirement: Sendable, Equatable {
    let path: String
    let value: String
    let isNegated: Bool

    /// Reads a field selector.
    ///
    /// - Throws: the API server's answer to a text that is not one, or to a field that the resource does not offer.
    static func parse(_ text: String, for resource: KubernetesResource) throws(APIStatus) -> [FieldRequirement] {
        var result: [FieldRequirement] = []
        for term in text.split(separator: ",") {
            guard let (path, value, isNegated) = split(String(term)) else {
                throw .badRequest("invalid selector: '\(text)'; can't understand '\(term)'")
            }
            guard supported(path, resource) else {
                throw .badRequest("field label not supported: \(path)")
            }
            result.append(FieldRequirement(path: path, value: value, isNegated: isNegated))
        }
        return result
    }

    private static func split(_ term: String) -> (String, String, Bool)? {
        for (mark, isNegated) in [("!=", true), ("==", false), ("=", false)] {
            var index = term.startIndex
            while index < term.endIndex {
                if term[index...].hasPrefix(mark) {
                    let path = String(term[..<index])
                    let value = String(term[term.index(index, offsetBy: mark.count)...])
                    return path.isEmpty ? nil : (path, value, isNegated)
                }
                index = term.index(after: index)
            }
        }
        return nil
    }

    private static func supported(_ path: String, _ resource: KubernetesResource) -> Bool {
        if path == "metadata.name" || path == "metadata.namespace" { return true }
        switch resource {
        case .pods:
            return [
                "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase",
                "status.podIP", "status.nominatedNodeName",
            ].contains(path)
        case .nodes: return path == "spec.unschedulable"
        case .namespaces: return path == "status.phase"
        case .events:
            return path.hasPrefix("involvedObject.") || path.hasPrefix("regarding.")
                || ["reason", "type", "source", "reportingComponent", "reportingController"].contains(path)
        default: return false
        }
    }

    func matches(_ object: StoredObject) -> Bool {
        (found(in: object) == value) != isNegated
    }

    private func found(in object: StoredObject) -> String {
        switch path {
        case "metadata.name": return object.key.name
        case "metadata.namespace": return object.key.namespace
        case "spec.nodeName": return object.pod?.nodeName ?? ""
        case "status.phase" where object.pod != nil: return object.pod?.phase ?? ""
        case "source": return object.json["source", "component"]?.string ?? ""
        case "reportingController": return object.json["reportingComponent"]?.string ?? ""
        default:
            var value: KubernetesJSON? = object.json
            for part in path.split(separator: ".") {
                value = value?[part == "regarding" ? "involvedObject" : String(part)]
            }
            if path == "spec.unschedulable" { return value == true ? "true" : "false" }
            return value?.string ?? ""
        }
    }
}

/// Labels that an object must or must not carry.
struct LabelSelector: Sendable {
    private enum Requirement: Sendable {
        case isOne(of: Set<String>, key: String)
        case isNone(of: Set<String>, key: String)
        case exists(key: String)
        case isAbsent(key: String)
    }
    private var requirements: [Requirement] = []
    private var matchesNothing = false

    static let everything = LabelSelector()

    private init() {}

    /// The `selector` of a budget; an absent one selects nothing, an empty one everything.
    init(_ json: KubernetesJSON?) {
        guard let json else {
            matchesNothing = true
            return
        }
        for (key, value) in json["matchLabels"]?.strings ?? [:] {
            requirements.append(.isOne(of: [value], key: key))
        }
        for expression in json["matchExpressions"]?.array ?? [] {
            let key = expression["key"]?.string ?? ""
            let values = Set((expression["values"]?.array ?? []).compactMap(\.string))
            switch expression["operator"]?.string {
            case "In": requirements.append(.isOne(of: values, key: key))
            case "NotIn": requirements.append(.isNone(of: values, key: key))
            case "Exists": requirements.append(.exists(key: key))
            case "DoesNotExist": requirements.append(.isAbsent(key: key))
            default: matchesNothing = true
            }
        }
    }

    /// Reads the equality terms of a `labelSelector`: `a=b`, `a==b`, `a!=b`, `a`, `!a`.
    init(query: String) throws(APIStatus) {
        for term in query.split(separator: ",") {
            if term.contains("(") || term.contains(" ") {
                throw .badRequest("unable to parse requirement: set-based selectors are not simulated")
            }
            let text = String(term)
            if let mark = text.firstIndex(of: "=") {
                let isNegated = mark > text.startIndex && text[text.index(before: mark)] == "!"
                let key = String(isNegated ? text[..<text.index(before: mark)] : text[..<mark])
                let value = String(text[text.index(after: mark)...].drop { $0 == "=" })
                requirements.append(isNegated ? .isNone(of: [value], key: key) : .isOne(of: [value], key: key))
            } else if text.hasPrefix("!") {
                requirements.append(.isAbsent(key: String(text.dropFirst())))
            } else {
                requirements.append(.exists(key: text))
            }
        }
    }

    var isEverything: Bool { requirements.isEmpty && !matchesNothing }

    func matches(_ labels: [String: String]) -> Bool {
        if matchesNothing { return false }
        return requirements.allSatisfy { requirement in
            switch requirement {
            case .isOne(let values, let key): labels[key].map(values.contains) ?? false
            case .isNone(let values, let key): !(labels[key].map(values.contains) ?? false)
            case .exists(let key): labels[key] != nil
            case .isAbsent(let key): labels[key] == nil
            }
        }
    }
}
