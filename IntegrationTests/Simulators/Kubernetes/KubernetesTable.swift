/// The rows that kubectl prints; the server computes them.
enum KubernetesTable {
    /// Objects as a `Table` of meta.k8s.io/v1.
    static func table(
        _ resource: KubernetesResource, _ objects: [StoredObject], metadata: KubernetesJSON, now: Duration,
        includesObjects: Bool
    ) -> KubernetesJSON {
        let rows = objects.map { object -> KubernetesJSON in
            var shown: KubernetesJSON = [
                "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
                "metadata": object.json["metadata"] ?? [:],
            ]
            if includesObjects { shown = object.document() }
            return ["cells": .array(cells(object, now)), "object": shown]
        }
        return [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "columnDefinitions": .array(columns(resource)), "rows": .array(rows),
        ]
    }

    private static func columns(_ resource: KubernetesResource) -> [KubernetesJSON] {
        func column(_ name: String, _ type: String = "string", isWide: Bool = false) -> KubernetesJSON {
            [
                "name": .string(name), "type": .string(type), "format": name == "Name" ? "name" : "",
                "description": "", "priority": isWide ? 1 : 0,
            ]
        }
        switch resource {
        case .pods:
            return [
                column("Name"), column("Ready"), column("Status"), column("Restarts"), column("Age"),
                column("IP", isWide: true), column("Node", isWide: true), column("Nominated Node", isWide: true),
                column("Readiness Gates", isWide: true),
            ]
        case .nodes:
            return [
                column("Name"), column("Status"), column("Roles"), column("Age"), column("Version"),
                column("Internal-IP", isWide: true),
            ]
        case .podDisruptionBudgets:
            return [
                column("Name"), column("Min Available"), column("Max Unavailable"),
                column("Allowed Disruptions", "integer"),
                column("Age"),
            ]
        case .events:
            return [column("Last Seen"), column("Type"), column("Reason"), column("Object"), column("Message")]
        case .namespaces: return [column("Name"), column("Status"), column("Age")]
        default: return [column("Name"), column("Age")]
        }
    }

    private static func cells(_ object: StoredObject, _ now: Duration) -> [KubernetesJSON] {
        let name = KubernetesJSON.string(object.key.name)
        let age = KubernetesJSON.string(age(since: object.json["metadata", "creationTimestamp"], now))
        let spec = object.json["spec"] ?? [:]
        switch object.resource {
        case .pods: return podCells(object, name, age)
        case .nodes:
            let isReady =
                object.json["status", "conditions"]?.array?
                .contains { $0["type"] == "Ready" && $0["status"] == "True" } ?? false
            let state =
                (isReady ? "Ready" : "NotReady") + (spec["unschedulable"] == true ? ",SchedulingDisabled" : "")
            return [
                name, .string(state), "<none>", age, object.json["status", "nodeInfo", "kubeletVersion"] ?? "",
                "10.1.0.1",
            ]
        case .podDisruptionBudgets:
            func text(_ value: KubernetesJSON?) -> KubernetesJSON {
                .string(value.map { $0.string ?? $0.text } ?? "N/A")
            }
            return [
                name, text(spec["minAvailable"]), text(spec["maxUnavailable"]),
                .integer(object.budget?.disruptionsAllowed ?? 0), age,
            ]
        case .events:
            let about = object.json["involvedObject"] ?? [:]
            let subject = (about["kind"]?.string ?? "").lowercased() + "/" + (about["name"]?.string ?? "")
            let seen = [object.json["lastTimestamp"], object.json["eventTime"]].compactMap { $0?.string }.first
            return [
                .string(KubernetesTable.age(since: seen.map { .string($0) }, now)), object.json["type"] ?? "",
                object.json["reason"] ?? "", .string(subject),
                object.json["message"] ?? "",
            ]
        case .namespaces: return [name, object.json["status", "phase"] ?? "", age]
        default: return [name, age]
        }
    }

    private static func podCells(
        _ object: StoredObject, _ name: KubernetesJSON, _ age: KubernetesJSON
    ) -> [KubernetesJSON] {
        let status = object.json["status"] ?? [:]
        let containers = status["containerStatuses"]?.array ?? []
        let total = object.json["spec", "containers"]?.array?.count ?? 0
        let ready = containers.count { $0["ready"] == true }
        var state = object.pod?.phase ?? ""
        if state == "Succeeded" { state = "Completed" }
        if state == "Failed" { state = "Error" }
        if state == "Pending", object.pod?.nodeName.isEmpty == false { state = "ContainerCreating" }
        if object.isTerminating { state = "Terminating" }
        let node = object.pod?.nodeName ?? ""
        return [
            name, .string("\(ready)/\(total)"), .string(state), "0", age, status["podIP"] ?? "<none>",
            .string(node.isEmpty ? "<none>" : node), "<none>", "<none>",
        ]
    }

    /// The time since then, as kubectl writes it: `12s`, `5m`, `3h`, `2d`.
    private static func age(since time: KubernetesJSON?, _ now: Duration) -> String {
        guard let then = time?.string.flatMap(ClusterTimestamp.instant) else { return "<unknown>" }
        let seconds = max(0, (now - then).components.seconds)
        return switch seconds {
        case ..<120: "\(seconds)s"
        case ..<7200: "\(seconds / 60)m"
        case ..<172_800: "\(seconds / 3600)h"
        default: "\(seconds / 86_400)d"
        }
    }
}
