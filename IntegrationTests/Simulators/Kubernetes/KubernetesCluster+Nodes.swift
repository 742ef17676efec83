extension KubernetesCluster {
    // MARK: What befalls a node

    /// Makes a node unschedulable as `kubectl cordon` does.
    public func cordon(node: String) {
        change(.nodes, node) { json in json.update("spec") { $0["unschedulable"] = true } }
    }

    /// Makes a node schedulable as `kubectl uncordon` does, which knows nothing of anybody's annotations.
    public func uncordon(node: String) {
        change(.nodes, node) { json in json.update("spec") { $0["unschedulable"] = nil } }
    }

    /// Makes a node Ready, or not, as a kubelet does that waits for its network.
    public func setReady(_ isReady: Bool, node: String) {
        withState { state in
            let key = ObjectKey("", node)
            guard var json = state.store[.nodes, key]?.json else { return }
            var conditions = json["status", "conditions"]?.array ?? []
            for index in conditions.indices where conditions[index]["type"] == "Ready" {
                conditions[index]["status"] = isReady ? "True" : "False"
                conditions[index]["lastTransitionTime"] = state.timestamp
                conditions[index]["reason"] = isReady ? "KubeletReady" : "KubeletNotReady"
            }
            json.update("status") { $0["conditions"] = .array(conditions) }
            state.put(.nodes, key, CanonicalObject.of(.nodes, json))
        }
    }

    /// Starts a node's machine anew: its kubelet tells another boot id.
    public func reboot(node: String) {
        withState { state in
            let key = ObjectKey("", node)
            guard var json = state.store[.nodes, key]?.json else { return }
            let boot = state.random.uuid()
            json.update("status") { status in status.update("nodeInfo") { $0["bootID"] = .string(boot) } }
            state.put(.nodes, key, CanonicalObject.of(.nodes, json))
        }
    }

    /// What an object was after each of its changes since a version, oldest first; nil when that is not remembered.
    public func states(
        of resource: KubernetesResource, _ name: String, in namespace: String = "", since version: Int
    ) -> [KubernetesJSON]? {
        withState { state in
            state.store.changes(resource, after: version)?.compactMap { change in
                change.new?.key == ObjectKey(namespace, name) ? change.new?.document() : nil
            }
        }
    }
}
