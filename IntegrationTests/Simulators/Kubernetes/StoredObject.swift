/// One version of an object as it lies in the store, with what the controllers ask of it already read out.
final class StoredObject: Sendable {
    let resource: KubernetesResource
    let key: ObjectKey
    let uid: String
    let resourceVersion: Int
    /// The object without `kind` and `apiVersion`, as it stands in a list.
    let json: KubernetesJSON
    let labels: [String: String]
    let isTerminating: Bool
    /// What matters of a pod; nil for everything else.
    let pod: PodFacts?
    /// What matters of a PodDisruptionBudget; nil for everything else.
    let budget: BudgetFacts?

    /// Reads an object whose metadata is complete.
    init(_ resource: KubernetesResource, _ key: ObjectKey, _ resourceVersion: Int, _ json: KubernetesJSON) {
        self.resource = resource
        self.key = key
        self.resourceVersion = resourceVersion
        self.json = json
        let metadata = json["metadata"] ?? [:]
        uid = metadata["uid"]?.string ?? ""
        labels = metadata["labels"]?.strings ?? [:]
        isTerminating = metadata["deletionTimestamp"]?.string != nil
        pod = resource == .pods ? PodFacts(json) : nil
        budget = resource == .podDisruptionBudgets ? BudgetFacts(json) : nil
    }

    /// The object as it is answered on its own: `kind` and `apiVersion` first.
    func document(apiVersion: String? = nil) -> KubernetesJSON {
        var members: KubernetesJSON.Members = [
            "kind": .string(resource.kind), "apiVersion": .string(apiVersion ?? resource.apiVersion),
        ]
        for entry in json.members?.entries ?? [] { members.append(entry.key, entry.value) }
        return .object(members)
    }
}

/// What the simulated controllers need to know of a pod.
struct PodFacts: Sendable {
    let nodeName: String
    let phase: String
    let isReady: Bool
    /// `spec.terminationGracePeriodSeconds`.
    let specGrace: Int?
    /// The grace that a deletion under way was given; nil while there is none.
    let deletionGrace: Int?
    let hasFinalizers: Bool
    let ownerKind: String?
    let ownerUID: String?
    let isMirror: Bool
    let toleratesEverything: Bool

    init(_ json: KubernetesJSON) {
        let metadata = json["metadata"] ?? [:]
        let spec = json["spec"] ?? [:]
        let status = json["status"] ?? [:]
        nodeName = spec["nodeName"]?.string ?? ""
        phase = status["phase"]?.string ?? ""
        isReady =
            status["conditions"]?.array?.contains { $0["type"] == "Ready" && $0["status"] == "True" } ?? false
        specGrace = spec["terminationGracePeriodSeconds"]?.integer
        deletionGrace = metadata["deletionGracePeriodSeconds"]?.integer
        hasFinalizers = !(metadata["finalizers"]?.array ?? []).isEmpty
        let owner = metadata["ownerReferences"]?.array?.first { $0["controller"] == true }
        ownerKind = owner?["kind"]?.string
        ownerUID = owner?["uid"]?.string
        isMirror = metadata["annotations"]?["kubernetes.io/config.mirror"] != nil
        toleratesEverything =
            spec["tolerations"]?.array?.contains { $0["key"] == nil && $0["operator"] == "Exists" } ?? false
    }

    /// Whether the pod has come to its end by itself.
    var isTerminal: Bool { phase == "Succeeded" || phase == "Failed" }
}

/// What the simulated disruption controller needs to know of a budget.
struct BudgetFacts: Sendable {
    let selector: LabelSelector
    let minAvailable: KubernetesJSON?
    let maxUnavailable: KubernetesJSON?
    let alwaysAllowsUnhealthy: Bool
    let generation: Int
    let observedGeneration: Int
    let disruptionsAllowed: Int
    let currentHealthy: Int
    let desiredHealthy: Int
    let disruptedPods: [String: Duration]
    /// The message of the condition when the controller could not do its work; nil when it could.
    let syncFailure: String?

    init(_ json: KubernetesJSON) {
        let spec = json["spec"] ?? [:]
        let status = json["status"] ?? [:]
        selector = LabelSelector(spec["selector"])
        minAvailable = spec["minAvailable"]
        maxUnavailable = spec["maxUnavailable"]
        alwaysAllowsUnhealthy = spec["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
        generation = json["metadata", "generation"]?.integer ?? 1
        observedGeneration = status["observedGeneration"]?.integer ?? 0
        disruptionsAllowed = status["disruptionsAllowed"]?.integer ?? 0
        currentHealthy = status["currentHealthy"]?.integer ?? 0
        desiredHealthy = status["desiredHealthy"]?.integer ?? 0
        disruptedPods = (status["disruptedPods"]?.strings ?? [:]).compactMapValues(ClusterTimestamp.instant)
        let condition = status["conditions"]?.array?.first { $0["type"] == "DisruptionAllowed" }
        syncFailure = condition?["reason"] == "SyncFailed" ? condition?["message"]?.string ?? "" : nil
    }
}
