extension ClusterState {
    /// Adds a workload's object and its pods, running on those nodes in turn.
    mutating func add(_ workload: ClusterWorkload, on nodes: [String]) {
        var workload = workload
        workload.uid = random.uuid()
        let count = workload.kind == .daemonSet ? nodes.count : workload.replicas
        var owner: KubernetesJSON?
        if let deployment = workload.deployment {
            owner = addOwner(.deployments, deployment, of: workload, uid: random.uuid(), owner: nil)
        }
        _ = addOwner(workload.kind.resource, workload.name, of: workload, uid: workload.uid, owner: owner)
        workloads[workload.uid] = workload
        for index in 0..<count {
            let suffix = workload.kind == .statefulSet ? String(index) : random.suffix()
            addPod(
                workload.template, ObjectKey(workload.namespace, "\(workload.name)-\(suffix)"),
                owner: workload.ownerReference, isJob: workload.kind == .job,
                on: nodes.isEmpty ? nil : nodes[index % nodes.count], isRunning: true)
        }
    }

    /// Adds the object that clients find when they follow an owner reference.
    private mutating func addOwner(
        _ resource: KubernetesResource, _ name: String, of workload: ClusterWorkload, uid: String,
        owner: KubernetesJSON?
    ) -> KubernetesJSON {
        var metadata: KubernetesJSON.Members = ["name": .string(name), "uid": .string(uid), "generation": 1]
        if let owner { metadata["ownerReferences"] = [owner] }
        let labels = KubernetesJSON.strings(workload.template.labels)
        let replicas = KubernetesJSON.integer(workload.replicas)
        let selector: KubernetesJSON = ["matchLabels": labels]
        let template: KubernetesJSON = ["metadata": ["labels": labels], "spec": ["containers": []]]
        var spec: KubernetesJSON = ["replicas": replicas, "selector": selector, "template": template]
        var status: KubernetesJSON = ["replicas": replicas, "readyReplicas": replicas]
        if resource == .jobs {
            spec = ["parallelism": replicas, "completions": replicas, "selector": selector, "template": template]
            status = ["active": replicas]
        }
        if resource == .daemonSets {
            spec["replicas"] = nil
            status = [
                "currentNumberScheduled": replicas, "numberMisscheduled": 0, "desiredNumberScheduled": replicas,
                "numberReady": replicas,
            ]
        }
        let json: KubernetesJSON = ["metadata": .object(metadata), "spec": spec, "status": status]
        put(resource, ObjectKey(workload.namespace, name), born(resource, json, namespace: workload.namespace))
        return [
            "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind), "name": .string(name),
            "uid": .string(uid), "controller": true, "blockOwnerDeletion": true,
        ]
    }
}
