/// The strategic merge patch, for the lists of nodes, pods and budgets.
///
/// A list is merged by a key only where the API's Go types say `patchStrategy=merge`; `taints` and `tolerations` do not,
/// so they are replaced whole.
enum StrategicMerge {
    private static let mergeKeys: [String: String] = [
        "conditions": "type", "addresses": "type", "containers": "name", "initContainers": "name",
        "ephemeralContainers": "name", "volumes": "name", "env": "name", "ownerReferences": "uid",
        "imagePullSecrets": "name", "podIPs": "ip", "volumeMounts": "mountPath", "ports": "containerPort",
    ]
    private static let mergedScalarLists: Set<String> = ["finalizers"]

    /// The target with the patch merged into it.
    static func merged(_ target: KubernetesJSON?, _ patch: KubernetesJSON) -> KubernetesJSON {
        guard case .object(let changes) = patch else { return patch }
        if changes["$patch"] == "replace" {
            var replacement = changes
            replacement["$patch"] = nil
            return .object(replacement)
        }
        var result = target?.members ?? [:]
        for change in changes.entries {
            if change.key.hasPrefix("$") {
                directive(change.key, change.value, on: &result)
            } else if change.value == .null {
                result[change.key] = nil
            } else if case .object = change.value {
                if change.value["$patch"] == "delete" {
                    result[change.key] = nil
                } else {
                    result[change.key] = merged(result[change.key], change.value)
                }
            } else if case .array(let elements) = change.value {
                result[change.key] = .array(list(change.key, result[change.key]?.array ?? [], elements))
            } else {
                result[change.key] = change.value
            }
        }
        return .object(result)
    }

    private static func list(
        _ name: String, _ current: [KubernetesJSON], _ changes: [KubernetesJSON]
    ) -> [KubernetesJSON] {
        if mergedScalarLists.contains(name) {
            return current + changes.filter { !current.contains($0) }
        }
        guard let key = mergeKeys[name] else { return changes }
        var result = current
        for change in changes {
            if change["$patch"] == "replace" { return changes.filter { $0["$patch"] == nil } }
            let index = result.firstIndex { $0[key] == change[key] }
            if change["$patch"] == "delete" {
                if let index { result.remove(at: index) }
            } else if let index {
                result[index] = merged(result[index], change)
            } else {
                result.append(change)
            }
        }
        return result
    }

    // `$setElementOrder` and `$retainKeys` only refine what the lists above already express.
    private static func directive(_ key: String, _ value: KubernetesJSON, on result: inout KubernetesJSON.Members) {
        let prefix = "$deleteFromPrimitiveList/"
        guard key.hasPrefix(prefix), let removed = value.array else { return }
        let name = String(key.dropFirst(prefix.count))
        result[name] = .array((result[name]?.array ?? []).filter { !removed.contains($0) })
    }
}
