/// What the pods of a workload are like, or a pod without one.
public struct PodTemplate: Sendable {
    /// Its labels.
    public var labels: [String: String]
    /// Its annotations.
    public var annotations: [String: String] = [:]
    /// `terminationGracePeriodSeconds`.
    public var grace = 30
    /// The priority; 2,000,000,000 and above are system-critical.
    public var priority = 0
    /// The priority class that goes with it.
    public var priorityClass: String?
    /// Whether it has an `emptyDir` volume.
    public var hasEmptyDir = false
    /// The claim behind its volume; nil without one.
    public var claim: String?
    /// Whether it tolerates every taint, so that the scheduler puts it on a cordoned node too.
    public var toleratesEverything = false
    /// Finalizers beyond those that its controller brings.
    public var finalizers: [String] = []
    /// How many bytes make the object as big as real ones are, where drains do not read.
    public var padding = 0 {
        didSet { ballast = PodBallast(bytes: padding) }
    }
    private var ballast: PodBallast?
    /// How it lives and dies.
    public var behaviour = PodBehaviour()

    /// A pod with these labels, everything else as usual.
    public init(labels: [String: String] = [:]) { self.labels = labels }

    /// The finalizer by which the job controller holds a pod until it has counted it.
    static let jobFinalizer = "batch.kubernetes.io/job-tracking"

    /// The object as the API server would keep it right after it was created.
    func pod(
        _ key: ObjectKey, uid: String, node: String?, owner: KubernetesJSON?, isJob: Bool = false
    ) -> KubernetesJSON {
        let finalizers = self.finalizers + (isJob ? [Self.jobFinalizer] : [])
        var metadata: KubernetesJSON.Members = [
            "name": .string(key.name), "namespace": .string(key.namespace), "uid": .string(uid),
        ]
        if !labels.isEmpty { metadata["labels"] = .strings(labels) }
        var notes = KubernetesJSON.Members()
        for (name, value) in annotations.sorted(by: { $0.key < $1.key }) { notes.append(name, .string(value)) }
        if let ballast { notes.append(PodBallast.annotation, ballast.annotation) }
        if !notes.entries.isEmpty { metadata["annotations"] = .object(notes) }
        if let owner { metadata["ownerReferences"] = [owner] }
        if !finalizers.isEmpty { metadata["finalizers"] = .array(finalizers.map { .string($0) }) }
        metadata["managedFields"] = ballast?.managedFields
        var spec: KubernetesJSON.Members = [:]
        if hasEmptyDir { spec["volumes"] = [["name": "scratch", "emptyDir": [:]]] }
        if let claim {
            spec["volumes"] = [["name": "data", "persistentVolumeClaim": ["claimName": .string(claim)]]]
        }
        if toleratesEverything { spec["tolerations"] = [["operator": "Exists"]] }
        var container: KubernetesJSON.Members = ["name": "c", "image": "registry.invalid/pause:1"]
        container["env"] = ballast?.environment
        spec["containers"] = [.object(container)]
        spec["restartPolicy"] = isJob ? "Never" : "Always"
        spec["terminationGracePeriodSeconds"] = .integer(grace)
        spec["nodeName"] = node.map { .string($0) }
        if let priorityClass { spec["priorityClassName"] = .string(priorityClass) }
        spec["priority"] = .integer(priority)
        return Self.defaulted([
            "metadata": .object(metadata), "spec": .object(spec),
            "status": ["phase": "Pending", "qosClass": "BestEffort"],
        ])
    }

    /// The pod with everything that the API server adds to what a client leaves out.
    static func defaulted(_ pod: KubernetesJSON) -> KubernetesJSON {
        var pod = pod
        let isMirror = pod["metadata", "annotations"]?["kubernetes.io/config.mirror"] != nil
        pod.update("spec") { spec in
            var spare: KubernetesJSON.Members = [
                "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
                "securityContext": [:], "schedulerName": "default-scheduler",
                "tolerations": [toleration("not-ready"), toleration("unreachable")], "priority": 0,
                "enableServiceLinks": true, "preemptionPolicy": "PreemptLowerPriority",
            ]
            if !isMirror {
                spare["serviceAccountName"] = spec["serviceAccountName"] ?? "default"
                spare["serviceAccount"] = spec["serviceAccountName"] ?? "default"
            }
            for entry in spare.entries where spec[entry.key] == nil { spec[entry.key] = entry.value }
            spec["containers"] = .array((spec["containers"]?.array ?? []).map(defaultedContainer))
        }
        pod.update("status") { status in
            if status["phase"] == nil { status["phase"] = "Pending" }
            if status["qosClass"] == nil { status["qosClass"] = "BestEffort" }
        }
        return CanonicalObject.of(.pods, pod)
    }

    private static func toleration(_ what: String) -> KubernetesJSON {
        [
            "key": .string("node.kubernetes.io/\(what)"), "operator": "Exists", "effect": "NoExecute",
            "tolerationSeconds": 300,
        ]
    }

    private static func defaultedContainer(_ container: KubernetesJSON) -> KubernetesJSON {
        guard var members = container.members else { return container }
        let tag = members["image"]?.string?.split(separator: "/").last?.split(separator: ":").dropFirst().first
        let spare: KubernetesJSON.Members = [
            "resources": [:], "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
            "imagePullPolicy": tag == nil || tag == "latest" ? "Always" : "IfNotPresent",
        ]
        for entry in spare.entries where members[entry.key] == nil { members[entry.key] = entry.value }
        return .object(
            members.ordered(by: [
                "name", "image", "command", "args", "ports", "env", "resources", "volumeMounts", "livenessProbe",
                "readinessProbe", "startupProbe", "lifecycle", "terminationMessagePath", "terminationMessagePolicy",
                "imagePullPolicy", "securityContext",
            ]))
    }
}
