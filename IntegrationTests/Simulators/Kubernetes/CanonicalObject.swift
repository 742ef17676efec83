/// Brings what a client sent into the shape in which the API server keeps and prints it.
///
/// Go prints the fields of a struct in the order of their declaration, maps by key, and leaves out what is empty.
enum CanonicalObject {
    private static let metadataOrder = [
        "name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp",
        "deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers",
        "managedFields",
    ]
    private static let nodeSpec = ["podCIDR", "podCIDRs", "providerID", "unschedulable", "taints", "configSource"]
    private static let nodeStatus = [
        "capacity", "allocatable", "phase", "conditions", "addresses", "daemonEndpoints", "nodeInfo", "images",
        "volumesInUse", "volumesAttached",
    ]
    private static let taint = ["key", "value", "effect", "timeAdded"]
    private static let nodeCondition = [
        "type", "status", "lastHeartbeatTime", "lastTransitionTime", "reason", "message",
    ]
    private static let podSpec = [
        "volumes", "initContainers", "containers", "ephemeralContainers", "restartPolicy",
        "terminationGracePeriodSeconds", "activeDeadlineSeconds", "dnsPolicy", "nodeSelector", "serviceAccountName",
        "serviceAccount", "automountServiceAccountToken", "nodeName", "hostNetwork", "hostPID", "securityContext",
        "imagePullSecrets", "hostname", "subdomain", "affinity", "schedulerName", "tolerations", "hostAliases",
        "priorityClassName", "priority", "dnsConfig", "readinessGates", "runtimeClassName", "enableServiceLinks",
        "preemptionPolicy", "overhead", "topologySpreadConstraints",
    ]
    private static let podStatus = [
        "observedGeneration", "phase", "conditions", "message", "reason", "nominatedNodeName", "hostIP", "hostIPs",
        "podIP", "podIPs", "startTime", "initContainerStatuses", "containerStatuses", "qosClass",
    ]
    private static let podCondition = [
        "type", "observedGeneration", "status", "lastProbeTime", "lastTransitionTime", "reason", "message",
    ]
    private static let budgetSpec = ["minAvailable", "selector", "maxUnavailable", "unhealthyPodEvictionPolicy"]
    private static let event = [
        "metadata", "involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp", "count", "type",
        "eventTime", "series", "action", "related", "reportingComponent", "reportingInstance",
    ]
    private static let reference = [
        "kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath",
    ]

    /// The object without `kind` and `apiVersion`, everything else in its place.
    static func of(_ resource: KubernetesResource, _ json: KubernetesJSON) -> KubernetesJSON {
        var object = json.members ?? [:]
        object["kind"] = nil
        object["apiVersion"] = nil
        object["metadata"] = metadata(object["metadata"])
        switch resource {
        case .nodes:
            object["spec"] = canonicalNodeSpec(object["spec"])
            object["status"] = with(object["status"] ?? [:], nodeStatus) {
                $0["conditions"] = elements($0["conditions"], nodeCondition)
            }
        case .pods:
            object["spec"] = with(object["spec"] ?? [:], podSpec) { _ in }
            object["status"] = with(object["status"] ?? [:], podStatus) {
                $0["conditions"] = podConditions($0["conditions"])
            }
        case .podDisruptionBudgets:
            object["spec"] = with(object["spec"] ?? [:], budgetSpec) { _ in }
        case .events:
            object["involvedObject"] = with(object["involvedObject"] ?? [:], reference) { _ in }
            return .object(object.ordered(by: event))
        default: break
        }
        return .object(object.ordered(by: ["metadata", "spec", "status"]))
    }

    /// The `metadata` alone.
    static func metadata(_ json: KubernetesJSON?) -> KubernetesJSON {
        with(json ?? [:], metadataOrder) { members in
            // The store writes the version into the place that is kept here.
            if members["resourceVersion"] == nil { members["resourceVersion"] = "" }
            for map in ["labels", "annotations"] {
                guard let values = members[map]?.members else {
                    members[map] = nil
                    continue
                }
                members[map] = values.isEmpty ? nil : .object(values.sorted())
            }
            for list in ["ownerReferences", "finalizers", "managedFields"] where members[list] == [] {
                members[list] = nil
            }
        }
    }

    private static func canonicalNodeSpec(_ json: KubernetesJSON?) -> KubernetesJSON {
        with(json ?? [:], nodeSpec) { members in
            if members["unschedulable"] == false { members["unschedulable"] = nil }
            members["taints"] = elements(members["taints"], taint)
        }
    }

    private static func podConditions(_ json: KubernetesJSON?) -> KubernetesJSON? {
        guard let conditions = json?.array, !conditions.isEmpty else { return nil }
        return .array(
            conditions.map { condition in
                guard var members = condition.members else { return condition }
                // Times are pointers in Go, but these two are printed even when they are null.
                members["lastProbeTime"] = members["lastProbeTime"] ?? .null
                members["lastTransitionTime"] = members["lastTransitionTime"] ?? .null
                return .object(members.ordered(by: podCondition))
            })
    }

    private static func elements(_ json: KubernetesJSON?, _ order: [String]) -> KubernetesJSON? {
        guard let elements = json?.array, !elements.isEmpty else { return nil }
        return .array(elements.map { $0.members.map { .object($0.ordered(by: order)) } ?? $0 })
    }

    private static func with(
        _ json: KubernetesJSON, _ order: [String], _ change: (inout KubernetesJSON.Members) -> Void
    ) -> KubernetesJSON {
        guard var members = json.members else { return json }
        for entry in members.entries where entry.value == .null { members[entry.key] = nil }
        change(&members)
        return .object(members.ordered(by: order))
    }
}
