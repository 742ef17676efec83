extension KubernetesCluster {
    /// Changes how the control plane behaves, from now on.
    public func configure(_ change: @Sendable (inout ClusterSettings) -> Void) {
        withState { change(&$0.settings) }
    }

    // MARK: Who may come in

    /// Accepts a bearer token.
    ///
    /// - Parameters:
    ///   - token: The token.
    ///   - user: Whose it is.
    ///   - podUID: The pod with which it lives and dies, as projected tokens do.
    public func accept(token: String, as user: ClusterUser, boundTo podUID: String? = nil) {
        withState { $0.access.accept(token, user, podUID: podUID) }
    }

    /// Refuses a bearer token from now on; after a rotation both the old and the new one work until this is called.
    public func refuse(token: String) { withState { $0.access.refuse(token) } }

    /// Lets a user do only what the rules say; nil lets them do everything.
    public func limit(user: String, to rules: [AccessRule]?) { withState { $0.access.limit(user, to: rules) } }

    /// Forbids something to a user, or to everybody.
    public func deny(_ rule: AccessRule, to user: String? = nil) { withState { $0.access.deny(user, rule) } }

    /// Takes back all limits and denials.
    public func allowEverything() { withState { $0.access.allowEverything() } }

    // MARK: What goes wrong

    /// Adds a fault; of several that fit a request the first one hits it.
    public func inject(_ fault: ClusterFault) { withState { $0.faults.append(fault) } }

    /// Takes back all faults.
    public func clearFaults() { withState { $0.faults = [] } }

    /// Ends every open watch with an ERROR event 410, as when the server's memory does not reach back far enough.
    public func expireWatches() {
        withState { state in
            let version = state.store.resourceVersion
            state.endWatches(with: .tooOld(version - 1, version))
        }
    }

    /// Ends every open watch without a word, as an API server does that goes away.
    public func endWatches() { withState { $0.endWatches() } }

    /// Holds back what watches have to say, or lets it through again.
    public func pauseWatches(_ isPaused: Bool) {
        withState { state in
            state.watchesArePaused = isPaused
            if !isPaused { state.wakeWatches(of: nil) }
        }
    }

    /// Forgets all changes so far and all unfinished lists: what asks for an older version is answered with 410.
    public func compact() {
        withState { state in
            state.store.compact()
            state.pages = []
        }
    }

    // MARK: What happens to objects

    /// Puts an object as it is, replacing one of the same name; missing metadata is added.
    public func insert(_ object: KubernetesJSON, as resource: KubernetesResource) {
        withState { state in
            let namespace = object["metadata", "namespace"]?.string ?? ""
            let key = ObjectKey(namespace, object["metadata", "name"]?.string ?? "")
            var json = object
            if json["metadata", "uid"] == nil { json = state.born(resource, json, namespace: namespace) }
            state.put(resource, key, CanonicalObject.of(resource, json))
        }
    }

    /// Changes an object as some other client might.
    public func change(
        _ resource: KubernetesResource, _ name: String, in namespace: String = "",
        _ change: @Sendable (inout KubernetesJSON) -> Void
    ) {
        withState { state in
            let key = ObjectKey(namespace, name)
            guard var json = state.store[resource, key]?.json else { return }
            change(&json)
            state.put(resource, key, CanonicalObject.of(resource, json))
        }
    }

    /// Takes an object away at once.
    public func remove(_ resource: KubernetesResource, _ name: String, in namespace: String = "") {
        withState { $0.remove(resource, ObjectKey(namespace, name)) }
    }

    /// Makes a pod ready, or not.
    public func setReady(_ isReady: Bool, pod name: String, in namespace: String) {
        withState { state in
            let key = ObjectKey(namespace, name)
            guard let json = state.store[.pods, key]?.json else { return }
            state.put(.pods, key, PodTemplate.withReadiness(json, isReady, at: state.timestamp))
        }
    }

    /// Lets a pod live and die differently from now on.
    public func setBehaviour(_ behaviour: PodBehaviour, pod name: String, in namespace: String) {
        withState { state in
            guard let uid = state.store[.pods, ObjectKey(namespace, name)]?.uid else { return }
            state.behaviours[uid] = behaviour
        }
    }

    /// Begins the deletion of a namespace: from now on nothing can be created in it.
    public func terminate(namespace: String) {
        withState { state in
            let key = ObjectKey("", namespace)
            guard var json = state.store[.namespaces, key]?.json else { return }
            json.update("metadata") { $0["deletionTimestamp"] = state.timestamp }
            json.update("status") { $0["phase"] = "Terminating" }
            state.put(.namespaces, key, CanonicalObject.of(.namespaces, json))
        }
    }

    /// Lets a node's kubelet do nothing any more, as when the machine is gone.
    public func lose(node: String) {
        withState { state in
            state.deadNodes.insert(node)
            let key = ObjectKey("", node)
            guard var json = state.store[.nodes, key]?.json else { return }
            var conditions = json["status", "conditions"]?.array ?? []
            for index in conditions.indices where conditions[index]["type"] == "Ready" {
                conditions[index]["status"] = "Unknown"
                conditions[index]["lastTransitionTime"] = state.timestamp
                conditions[index]["reason"] = "NodeStatusUnknown"
            }
            json.update("status") { $0["conditions"] = .array(conditions) }
            state.put(.nodes, key, CanonicalObject.of(.nodes, json))
        }
    }

    // MARK: What is there

    /// Adds a node.
    public func add(_ node: ClusterNode) {
        withState { state in
            let json = state.born(.nodes, node.object(at: state.timestamp), namespace: "")
            state.put(.nodes, ObjectKey("", node.name), json)
        }
    }

    /// Adds a namespace, unless it is there.
    public func add(namespace: String) {
        withState { state in
            let key = ObjectKey("", namespace)
            guard state.store[.namespaces, key] == nil else { return }
            let labels: KubernetesJSON = ["kubernetes.io/metadata.name": .string(namespace)]
            let json: KubernetesJSON = [
                "metadata": ["name": .string(namespace), "labels": labels], "spec": ["finalizers": ["kubernetes"]],
                "status": ["phase": "Active"],
            ]
            state.put(.namespaces, key, state.born(.namespaces, json, namespace: ""))
        }
    }

    /// Adds a pod that no controller owns, running on that node; a mirror pod's owner is the node itself.
    ///
    /// - Parameters:
    ///   - name: The pod's name.
    ///   - namespace: Its namespace, which is added when it is missing.
    ///   - node: The node; nil to have it placed.
    ///   - template: What it is like.
    ///   - isMirror: Whether it stands for a static pod.
    public func addPod(
        _ name: String, in namespace: String = "default", on node: String?, _ template: PodTemplate = PodTemplate(),
        isMirror: Bool = false
    ) {
        add(namespace: namespace)
        withState { state in
            var template = template
            var owner: KubernetesJSON?
            if isMirror, let node, let uid = state.store[.nodes, ObjectKey("", node)]?.uid {
                template.annotations["kubernetes.io/config.mirror"] = "6b9f"
                template.annotations["kubernetes.io/config.source"] = "file"
                owner = [
                    "apiVersion": "v1", "kind": "Node", "name": .string(node), "uid": .string(uid), "controller": true,
                ]
            }
            state.addPod(template, ObjectKey(namespace, name), owner: owner, on: node, isRunning: true)
        }
    }

    /// Adds a workload with its pods, running on those nodes in turn.
    ///
    /// - Parameters:
    ///   - workload: The workload; of a DaemonSet each of the nodes gets a pod.
    ///   - nodes: Where its pods run now.
    public func add(_ workload: ClusterWorkload, on nodes: [String]) {
        add(namespace: workload.namespace)
        withState { state in state.add(workload, on: nodes) }
    }

    /// Adds a budget over the pods with these labels, already counted.
    ///
    /// - Parameters:
    ///   - name: The budget's name.
    ///   - namespace: Its namespace.
    ///   - labels: The labels of the pods that it protects.
    ///   - minAvailable: How many must stay, a number or a percentage.
    ///   - maxUnavailable: How many may be missing, a number or a percentage; one of both is to be given.
    ///   - unhealthy: `unhealthyPodEvictionPolicy`; nil for the default.
    public func addBudget(
        _ name: String, in namespace: String = "default", over labels: [String: String],
        minAvailable: KubernetesJSON? = nil, maxUnavailable: KubernetesJSON? = nil, unhealthy: String? = nil
    ) {
        withState { state in
            var spec: KubernetesJSON.Members = [:]
            spec["minAvailable"] = minAvailable
            spec["selector"] = ["matchLabels": .strings(labels)]
            spec["maxUnavailable"] = maxUnavailable
            spec["unhealthyPodEvictionPolicy"] = unhealthy.map { .string($0) }
            let json: KubernetesJSON = ["metadata": ["name": .string(name)], "spec": .object(spec), "status": [:]]
            let key = ObjectKey(namespace, name)
            state.put(.podDisruptionBudgets, key, state.born(.podDisruptionBudgets, json, namespace: namespace))
            if state.settings.disruptionDelay != nil { state.syncBudget(key) }
        }
    }
}
