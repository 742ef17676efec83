extension LabConfiguration {
    /// Serves that cluster's API, with its controllers at work, to whoever shows the kubeconfig's token.
    public mutating func serve(_ cluster: KubernetesCluster) {
        cluster.accept(
            token: kubernetesToken, as: .serviceAccount("kube-system", "interruption-handler", node: nodeName))
        kubernetes = KubernetesService(cluster: cluster)
        background = { await cluster.run() }
    }
}

extension ClusterPreset {
    /// The instance behind `node-a` of the presets.
    public static let demoInstance = SimulatedInstance(id: "i-0bb697ef2705e5b30", region: "eu-west-1")

    /// A cluster for rehearsals: the node with that many ordinary pods of a Deployment, a DaemonSet, and a second node to
    /// which lost pods can go. `padding` makes each pod's object that many bytes larger.
    public static func rehearsal(
        of node: String, instance: SimulatedInstance, pods: Int, padding: Int = 0, time: any ClusterTime
    ) -> KubernetesCluster {
        let cluster = KubernetesCluster(time: time)
        let zone = instance.availabilityZone
        let spare = "\(node)-spare"
        cluster.add(ClusterNode(node, instance: instance.id, zone: zone, instanceType: instance.type))
        cluster.add(ClusterNode(spare, instance: "i-0ffffffffffffffff", zone: zone))
        for namespace in ["default", "kube-system"] { cluster.add(namespace: namespace) }
        var template = PodTemplate(labels: ["app": "web"])
        template.padding = padding
        cluster.add(
            ClusterWorkload(.replicaSet, "web-7d9f8b6c5", deployment: "web", replicas: pods, template: template),
            on: [node])
        cluster.add(
            ClusterWorkload(
                .daemonSet, "node-agent", namespace: "kube-system", replicas: 0,
                template: PodTemplate(labels: ["app": "node-agent"])),
            on: [node, spare])
        return cluster
    }
}

extension KubernetesCluster {
    /// Puts the pods of the rehearsal under one budget that allows all of them, and lets evictions race for it, and watches
    /// be closed, as on a real API server.
    public func shareBudget() {
        addBudget("web", over: ["app": "web"], maxUnavailable: "100%")
        configure { settings in
            settings.budgetRace = .milliseconds(7)
            settings.watchBuffer = (10, .milliseconds(50))
            // What comes up elsewhere would change the budget, too.
            settings.replacementDelay = .seconds(600)
        }
    }
}
