/// A controller that brings pods back which were lost.
public struct ClusterWorkload: Sendable {
    /// How it brings them back.
    public enum Kind: String, Sendable {
        /// As soon as a pod is told to stop, under a new name, wherever there is room.
        case replicaSet = "ReplicaSet"
        /// When the object is gone, under the same name, wherever there is room.
        case statefulSet = "StatefulSet"
        /// When a pod was lost or failed, under a new name, until enough succeeded.
        case job = "Job"
        /// When the object is gone, on the same node, even if that is unschedulable.
        case daemonSet = "DaemonSet"

        var resource: KubernetesResource {
            switch self {
            case .replicaSet: .replicaSets
            case .statefulSet: .statefulSets
            case .job: .jobs
            case .daemonSet: .daemonSets
            }
        }
    }

    /// How it brings pods back.
    public var kind: Kind
    /// Its namespace.
    public var namespace: String
    /// Its name; a ReplicaSet's is the Deployment's with a hash behind.
    public var name: String
    /// The Deployment that owns a ReplicaSet.
    public var deployment: String?
    /// How many pods it wants (a Job: how many are to succeed); a DaemonSet wants one on each node.
    public var replicas: Int
    /// What its pods are like.
    public var template: PodTemplate
    /// The UID of its object; given when it is added to a cluster.
    public internal(set) var uid = ""

    /// A workload; its pods carry the template's labels.
    public init(
        _ kind: Kind, _ name: String, namespace: String = "default", deployment: String? = nil, replicas: Int,
        template: PodTemplate
    ) {
        self.kind = kind
        self.name = name
        self.namespace = namespace
        self.deployment = deployment
        self.replicas = replicas
        self.template = template
    }

    /// What stands in `metadata.ownerReferences` of its pods.
    var ownerReference: KubernetesJSON {
        [
            "apiVersion": .string(kind.resource.apiVersion), "kind": .string(kind.rawValue), "name": .string(name),
            "uid": .string(uid), "controller": true, "blockOwnerDeletion": true,
        ]
    }
}

extension ClusterState {
    /// The workload controllers' part in a change of a pod.
    mutating func workloadsObserve(_ change: ObjectChange) {
        let isGone = change.new == nil
        guard let pod = change.old, let facts = pod.pod else { return }
        if facts.isMirror {
            if isGone, !deadNodes.contains(facts.nodeName) {
                agenda.add(.recreate(pod), at: now + settings.replacementDelay)
            }
            return
        }
        guard let uid = facts.ownerUID, let workload = workloads[uid] else { return }
        switch workload.kind {
        case .replicaSet, .job:
            let stops = change.new?.isTerminating == true && !pod.isTerminating
            let ends = change.new?.pod?.isTerminal == true && !facts.isTerminal
            if ends, change.new?.pod?.phase == "Succeeded" { successes[uid, default: 0] += 1 }
            if isGone || stops || ends { planReconciliation(uid) }
        case .statefulSet, .daemonSet:
            if isGone { agenda.add(.recreate(pod), at: now + settings.replacementDelay) }
        }
    }

    /// Has a workload's pods counted, once, after the controllers' delay.
    mutating func planReconciliation(_ uid: String) {
        guard pendingReconciliations.insert(uid).inserted else { return }
        agenda.add(.reconcile(workload: uid), at: now + settings.replacementDelay)
    }

    /// Creates the pods that a ReplicaSet or a Job lacks.
    mutating func reconcile(_ uid: String) {
        guard let workload = workloads[uid] else { return }
        let present = store.all(.pods).values.count { pod in
            guard let facts = pod.pod, facts.ownerUID == uid else { return false }
            // A Job's pod that is told to stop counts until it is over: only then it is replaced.
            return !facts.isTerminal && (workload.kind == .job || !pod.isTerminating)
        }
        let wanted = workload.replicas - (workload.kind == .job ? successes[uid] ?? 0 : 0)
        guard present < wanted else { return }
        for _ in present..<wanted {
            addPod(workload.template, "\(workload.name)-\(random.suffix())", of: workload, on: nil)
        }
    }

    /// Creates a pod of a workload; without a node the scheduler looks for one.
    @discardableResult
    mutating func addPod(
        _ template: PodTemplate, _ name: String, of workload: ClusterWorkload, on node: String?
    ) -> ObjectKey {
        addPod(
            template, ObjectKey(workload.namespace, name), owner: workload.ownerReference,
            isJob: workload.kind == .job, on: node, isRunning: false)
    }

    /// Creates a pod, up and running or still to be started.
    @discardableResult
    mutating func addPod(
        _ template: PodTemplate, _ key: ObjectKey, owner: KubernetesJSON?, isJob: Bool = false, on node: String?,
        isRunning: Bool
    ) -> ObjectKey {
        let target = node ?? placement(avoiding: nil, toleratesEverything: template.toleratesEverything)
        let uid = random.uuid()
        behaviours[uid] = template.behaviour
        var json = template.pod(key, uid: uid, node: target, owner: owner, isJob: isJob)
        addTopology(&json, from: target)
        json = born(.pods, json, namespace: key.namespace)
        if isRunning { json["status"] = PodTemplate.runningStatus(of: json, uid: uid, at: timestamp) }
        put(.pods, key, json)
        if isRunning, let duration = template.behaviour.completesAfter {
            agenda.add(.completePod(key, uid: uid), at: now + duration)
        }
        return key
    }

    /// A pod comes back under its own name.
    mutating func recreate(_ pod: StoredObject) {
        guard store[.pods, pod.key] == nil, let facts = pod.pod else { return }
        if let namespace = store[.namespaces, ObjectKey("", pod.key.namespace)], namespace.isTerminating { return }
        let staysThere = facts.isMirror || facts.ownerKind == "DaemonSet"
        if staysThere, store[.nodes, ObjectKey("", facts.nodeName)] == nil || deadNodes.contains(facts.nodeName) {
            return
        }
        let node =
            staysThere
            ? facts.nodeName
            : placement(avoiding: facts.nodeName, toleratesEverything: facts.toleratesEverything)
        let uid = random.uuid()
        behaviours[uid] = facts.ownerUID.flatMap { workloads[$0]?.template.behaviour } ?? settings.podBehaviour
        var json = pod.json
        json.update("metadata") { metadata in
            metadata["uid"] = .string(uid)
            metadata["resourceVersion"] = nil
            metadata["creationTimestamp"] = nil
        }
        json.update("spec") { $0["nodeName"] = node.map { .string($0) } }
        json["status"] = ["phase": "Pending", "qosClass": "BestEffort"]
        addTopology(&json, from: node)
        put(.pods, pod.key, born(.pods, json, namespace: pod.key.namespace))
    }

    /// The scheduler: gives pods without a node one that has room for more.
    mutating func placePods() {
        let waiting = store.all(.pods).values.filter { $0.pod?.nodeName.isEmpty == true && !$0.isTerminating }
        for pod in waiting.sorted(by: { $0.key < $1.key }) {
            let toleratesEverything = pod.pod?.toleratesEverything == true
            guard let node = placement(avoiding: nil, toleratesEverything: toleratesEverything) else { return }
            var json = pod.json
            json.update("spec") { $0["nodeName"] = .string(node) }
            addTopology(&json, from: node)
            put(.pods, pod.key, CanonicalObject.of(.pods, json))
        }
    }

    /// The living node with the fewest pods that takes the pod; nil when there is none.
    private func placement(avoiding avoided: String?, toleratesEverything: Bool) -> String? {
        let candidates = store.all(.nodes).values.filter { node in
            (toleratesEverything || node.json["spec", "unschedulable"] != true)
                && !deadNodes.contains(node.key.name) && node.key.name != avoided
        }
        if candidates.isEmpty {
            return avoided == nil ? nil : placement(avoiding: nil, toleratesEverything: toleratesEverything)
        }
        if candidates.count == 1 { return candidates.first?.key.name }
        return candidates.map(\.key.name).min { (podsPerNode[$0] ?? 0, $0) < (podsPerNode[$1] ?? 0, $1) }
    }

    /// Pods show where their node is.
    func addTopology(_ json: inout KubernetesJSON, from node: String?) {
        guard let node, let labels = store[.nodes, ObjectKey("", node)]?.labels else { return }
        for key in ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"] {
            guard let value = labels[key] else { continue }
            json.update("metadata") { metadata in metadata.update("labels") { $0[key] = .string(value) } }
        }
    }
}
