/// A change that a client describes instead of sending the whole object.
enum KubernetesPatch {
    /// RFC 7386: objects are merged, lists replaced, null removes.
    case merge(KubernetesJSON)
    /// Kubernetes' own: as merge, but some lists are merged by a key of their elements.
    case strategic(KubernetesJSON)
    /// RFC 6902: a list of operations.
    case json([KubernetesJSON])

    /// Reads a patch by its media type; nil for a type that the API server answers with 415.
    init?(contentType: String?, body: [UInt8]) throws(KubernetesJSONError) {
        let type = contentType?.split(separator: ";").first.map { String($0).lowercased() }
        switch type {
        case "application/merge-patch+json", "application/apply-patch+yaml", "application/apply-patch+json":
            self = .merge(try KubernetesJSON(parsing: body))
        case "application/strategic-merge-patch+json":
            self = .strategic(try KubernetesJSON(parsing: body))
        case "application/json-patch+json":
            guard let operations = try KubernetesJSON(parsing: body).array else {
                throw KubernetesJSONError(
                    message: "json: cannot unmarshal object into Go value of type jsonpatch.Patch")
            }
            self = .json(operations)
        default:
            return nil
        }
    }

    /// The object after the change; nil when a JSON patch does not fit (a failed test, a missing path).
    func applied(to object: KubernetesJSON) -> KubernetesJSON? {
        switch self {
        case .merge(let patch): Self.merged(object, patch)
        case .strategic(let patch): StrategicMerge.merged(object, patch)
        case .json(let operations): JSONPointerPatch.applied(operations, to: object)
        }
    }

    private static func merged(_ target: KubernetesJSON?, _ patch: KubernetesJSON) -> KubernetesJSON {
        guard case .object(let changes) = patch else { return patch }
        var result = target?.members ?? [:]
        for change in changes.entries {
            result[change.key] = change.value == .null ? nil : merged(result[change.key], change.value)
        }
        return .object(result)
    }
}

/// RFC 6902 over ordered JSON.
enum JSONPointerPatch {
    /// The document after all operations; nil as soon as one does not fit.
    static func applied(_ operations: [KubernetesJSON], to document: KubernetesJSON) -> KubernetesJSON? {
        var result = document
        for operation in operations {
            guard let name = operation["op"]?.string, let path = pointer(operation["path"]?.string) else { return nil }
            switch name {
            case "test":
                guard value(at: path, in: result) == operation["value"] else { return nil }
            case "add", "replace":
                guard let value = operation["value"] else { return nil }
                guard edit(&result, path, name == "add" ? .add(value) : .replace(value)) else { return nil }
            case "remove":
                guard edit(&result, path, .remove) else { return nil }
            case "move", "copy":
                guard let from = pointer(operation["from"]?.string), let value = value(at: from, in: result) else {
                    return nil
                }
                if name == "move" { guard edit(&result, from, .remove) else { return nil } }
                guard edit(&result, path, .add(value)) else { return nil }
            default:
                return nil
            }
        }
        return result
    }

    private enum Edit {
        case add(KubernetesJSON)
        case replace(KubernetesJSON)
        case remove
    }

    private static func pointer(_ text: String?) -> [String]? {
        guard let text else { return nil }
        if text.isEmpty { return [] }
        guard text.hasPrefix("/") else { return nil }
        return text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { part in
            var result = ""
            var escape = false
            for character in part {
                if escape {
                    result.append(character == "1" ? "/" : "~")
                    escape = false
                } else if character == "~" {
                    escape = true
                } else {
                    result.append(character)
                }
            }
            return result
        }
    }

    private static func value(at path: [String], in document: KubernetesJSON) -> KubernetesJSON? {
        var current: KubernetesJSON? = document
        for part in path {
            switch current {
            case .object(let members): current = members[part]
            case .array(let elements):
                guard let index = Int(part), elements.indices.contains(index) else { return nil }
                current = elements[index]
            default: return nil
            }
        }
        return current
    }

    private static func edit(_ document: inout KubernetesJSON, _ path: [String], _ edit: Edit) -> Bool {
        guard let part = path.first else {
            switch edit {
            case .add(let value), .replace(let value): document = value
            case .remove: return false
            }
            return true
        }
        switch document {
        case .object(var members):
            if path.count > 1 {
                guard var child = members[part], self.edit(&child, Array(path.dropFirst()), edit) else { return false }
                members[part] = child
            } else {
                switch edit {
                case .add(let value): members[part] = value
                case .replace(let value):
                    guard members[part] != nil else { return false }
                    members[part] = value
                case .remove:
                    guard members[part] != nil else { return false }
                    members[part] = nil
                }
            }
            document = .object(members)
            return true
        case .array(var elements):
            guard change(&elements, part, path, edit) else { return false }
            document = .array(elements)
            return true
        default:
            return false
        }
    }

    private static func change(
        _ elements: inout [KubernetesJSON], _ part: String, _ path: [String], _ edit: Edit
    ) -> Bool {
        if part == "-", path.count == 1, case .add(let value) = edit {
            elements.append(value)
            return true
        }
        guard let index = Int(part), index >= 0 else { return false }
        if path.count > 1 {
            guard index < elements.count else { return false }
            return self.edit(&elements[index], Array(path.dropFirst()), edit)
        }
        switch edit {
        case .add(let value):
            guard index <= elements.count else { return false }
            elements.insert(value, at: index)
        case .replace(let value):
            guard index < elements.count else { return false }
            elements[index] = value
        case .remove:
            guard index < elements.count else { return false }
            elements.remove(at: index)
        }
        return true
    }
}
