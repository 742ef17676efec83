/// Everything that the simulated cluster knows; owned by `KubernetesCluster`, changed only under its lock.
struct ClusterState {
    /// The instant of what is happening: of the request, or of the planned action under way.
    var now: Duration
    var settings = ClusterSettings()
    var store: ObjectStore
    var agenda = ClusterAgenda()
    var random: SeededRandom
    var access = ClusterAccess()
    var faults: [ClusterFault] = []
    var ledger = RequestLedger()
    var inFlight = 0
    /// The nodes whose kubelet does nothing any more.
    var deadNodes: Set<String> = []
    var podsPerNode: [String: Int] = [:]
    var lives: [String: PodLife] = [:]
    var behaviours: [String: PodBehaviour] = [:]
    var workloads: [String: ClusterWorkload] = [:]
    /// How many pods of a Job have succeeded, by the Job's UID.
    var successes: [String: Int] = [:]
    var pendingReconciliations: Set<String> = []
    var pendingSyncs: Set<ObjectKey> = []
    var watches: [Int: ClusterWatch] = [:]
    var watchesArePaused = false
    var nextWatch = 1
    var pages: [ListPage] = []
    /// Who is to be woken once the lock is released.
    var wakes: [CheckedContinuation<Void, Never>] = []

    init(now: Duration, seed: UInt64, resourceVersion: Int, historyLimit: Int) {
        self.now = now
        random = SeededRandom(seed: seed)
        store = ObjectStore(startingAt: resourceVersion, historyLimit: historyLimit)
    }

    var timestamp: KubernetesJSON { .string(ClusterTimestamp.text(now)) }

    /// Lets everything happen that was planned up to that instant, each thing at its own.
    mutating func settle(to instant: Duration) {
        while let (due, action) = agenda.removeFirst(dueBy: instant) {
            now = max(now, due)
            perform(action)
        }
        now = max(now, instant)
    }

    mutating func takeWakes() -> [CheckedContinuation<Void, Never>] {
        defer { wakes = [] }
        return wakes
    }

    private mutating func perform(_ action: ClusterAction) {
        switch action {
        case .startPod(let key, let uid): startPod(key, uid)
        case .completePod(let key, let uid): completePod(key, uid)
        case .endPod(let key, let uid): endPod(key, uid)
        case .releasePod(let key, let uid): releasePod(key, uid)
        case .syncBudget(let key):
            pendingSyncs.remove(key)
            syncBudget(key)
        case .reconcile(let uid):
            pendingReconciliations.remove(uid)
            reconcile(uid)
        case .recreate(let pod): recreate(pod)
        case .placePods: placePods()
        case .taintNode(let key): taintNode(key)
        case .wakeWatches: wakeWatches(of: nil)
        }
    }

    // MARK: Writing

    /// Stores an object and lets everybody see it; the stored one is returned, changed or not.
    @discardableResult
    mutating func put(_ resource: KubernetesResource, _ key: ObjectKey, _ json: KubernetesJSON) -> StoredObject? {
        if let change = store.write(resource, key, json) { observe(resource, change) }
        return store[resource, key]
    }

    /// Takes an object away and lets everybody see it.
    mutating func remove(_ resource: KubernetesResource, _ key: ObjectKey) {
        if let change = store.remove(resource, key) { observe(resource, change) }
    }

    private mutating func observe(_ resource: KubernetesResource, _ change: ObjectChange) {
        wakeWatches(of: resource)
        switch resource {
        case .pods:
            if let node = change.old?.pod?.nodeName { podsPerNode[node, default: 0] -= 1 }
            if let node = change.new?.pod?.nodeName { podsPerNode[node, default: 0] += 1 }
            kubeletObserves(change)
            workloadsObserve(change)
            budgetsObserve(change)
            if change.new == nil, let old = change.old { access.podIsGone(old.uid, at: now) }
        case .podDisruptionBudgets:
            if let new = change.new { planSync(new.key) }
        case .nodes:
            nodeObserved(change)
        default: break
        }
    }

    private mutating func nodeObserved(_ change: ObjectChange) {
        guard let node = change.new else { return }
        agenda.add(.placePods, at: now)
        if let delay = settings.taintDelay { agenda.add(.taintNode(node.key), at: now + delay) }
    }

    private mutating func taintNode(_ key: ObjectKey) {
        guard let node = store[.nodes, key] else { return }
        let taint = "node.kubernetes.io/unschedulable"
        let isUnschedulable = node.json["spec", "unschedulable"] == true
        var taints = node.json["spec", "taints"]?.array ?? []
        let isTainted = taints.contains { $0["key"]?.string == taint }
        guard isUnschedulable != isTainted else { return }
        if isUnschedulable {
            taints.append(["key": .string(taint), "effect": "NoSchedule", "timeAdded": timestamp])
        } else {
            taints.removeAll { $0["key"]?.string == taint }
        }
        var json = node.json
        json.update("spec") { $0["taints"] = .array(taints) }
        put(.nodes, key, CanonicalObject.of(.nodes, json))
    }

    // MARK: New objects

    /// The object with the metadata that the server itself gives: a UID, the time, a generation where there is one.
    mutating func born(_ resource: KubernetesResource, _ json: KubernetesJSON, namespace: String) -> KubernetesJSON {
        var json = json
        let uid = random.uuid()
        let created = timestamp
        json.update("metadata") { metadata in
            metadata["namespace"] = resource.isNamespaced ? .string(namespace) : nil
            if metadata["uid"] == nil { metadata["uid"] = .string(uid) }
            metadata["creationTimestamp"] = metadata["creationTimestamp"] ?? created
            if resource == .pods || resource == .podDisruptionBudgets { metadata["generation"] = 1 }
            metadata["deletionTimestamp"] = nil
            metadata["deletionGracePeriodSeconds"] = nil
        }
        return CanonicalObject.of(resource, json)
    }
}
