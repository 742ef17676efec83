/// Ready-made clusters.
public enum ClusterPreset {
    /// The token that presets accept.
    public static let token = "lab-token"
    /// Whose it is.
    public static let account = ClusterUser.serviceAccount("kube-system", "interruption-handler", uid: "lab-account")

    /// A cluster with these nodes, a handler that may come in, and nothing else.
    ///
    /// - Parameters:
    ///   - time: The clock.
    ///   - seed: The seed of names, UIDs and faults.
    ///   - nodes: The names of the nodes.
    public static func empty(time: any ClusterTime, seed: UInt64 = 1, nodes: [String] = ["node-a"]) -> KubernetesCluster
    {
        let cluster = KubernetesCluster(time: time, seed: seed)
        for (index, node) in nodes.enumerated() {
            cluster.add(ClusterNode(node, instance: "i-0bb697ef2705e5b3\(index)"))
        }
        for namespace in ["default", "kube-system"] { cluster.add(namespace: namespace) }
        cluster.accept(token: token, as: account)
        return cluster
    }

    /// One node with many like pods of a ReplicaSet, and a second one for what comes after them.
    ///
    /// - Parameters:
    ///   - count: How many pods.
    ///   - time: The clock.
    ///   - seed: The seed of names, UIDs and faults.
    ///   - template: What they are like.
    ///   - replaces: Whether new pods come up on the second node.
    public static func crowded(
        _ count: Int, time: any ClusterTime, seed: UInt64 = 1,
        template: PodTemplate = PodTemplate(labels: ["app": "web"]), replaces: Bool = false
    ) -> KubernetesCluster {
        let cluster = empty(time: time, seed: seed, nodes: ["node-a", "node-b"])
        if replaces {
            let workload = ClusterWorkload(
                .replicaSet, "web-6b9f", deployment: "web", replicas: count, template: template)
            cluster.add(workload, on: ["node-a"])
            return cluster
        }
        let width = String(max(0, count - 1)).utf8.count
        for index in 0..<count {
            let digits = String(index)
            let name = "web-" + String(repeating: "0", count: width - digits.utf8.count) + digits
            cluster.addPod(name, on: "node-a", template)
        }
        return cluster
    }

    /// The cluster of the demonstration: `node-a` with some twenty pods of every kind, `node-b` where others come up.
    ///
    /// The Deployment `web` has a budget that lets one pod go at a time and takes a while until it lets the next;
    /// `slow` has a grace longer than any notice.
    public static func demo(time: any ClusterTime, seed: UInt64 = 1) -> KubernetesCluster {
        let cluster = empty(time: time, seed: seed, nodes: ["node-a", "node-b"])
        cluster.configure { $0.replacementDelay = .milliseconds(300) }
        func template(
            _ app: String, stop: Duration, ready: Duration = .seconds(2), grace: Int = 15
        ) -> PodTemplate {
            var template = PodTemplate(labels: ["app": app])
            template.grace = grace
            template.behaviour = PodBehaviour(stop: .after(stop), readyAfter: ready)
            template.padding = 4096
            return template
        }
        let shop = "shop"
        cluster.add(
            ClusterWorkload(
                .replicaSet, "web-7d4b9c", namespace: shop, deployment: "web", replicas: 6,
                template: template("web", stop: .seconds(1), ready: .seconds(3), grace: 5)),
            on: ["node-a", "node-a", "node-a", "node-b"])
        cluster.addBudget("web", in: shop, over: ["app": "web"], maxUnavailable: 1)
        cluster.add(
            ClusterWorkload(
                .replicaSet, "api-5f6c8d", namespace: shop, deployment: "api", replicas: 6,
                template: template("api", stop: .milliseconds(500))),
            on: ["node-a"])
        cluster.add(
            ClusterWorkload(
                .statefulSet, "db", namespace: shop, replicas: 1, template: template("db", stop: .seconds(8))),
            on: ["node-a"])
        var report = template("report", stop: .seconds(3))
        report.behaviour.exitsCleanly = false
        cluster.add(
            ClusterWorkload(.job, "report", namespace: shop, replicas: 1, template: report), on: ["node-a"])
        var slow = template("slow", stop: .seconds(600))
        slow.grace = 3600
        cluster.addPod("slow", in: shop, on: "node-a", slow)
        var scratch = template("scratch", stop: .seconds(1))
        scratch.hasEmptyDir = true
        cluster.addPod("scratch", in: shop, on: "node-a", scratch)
        var system = template("kube-proxy", stop: .seconds(1))
        system.priority = 2_000_001_000
        system.priorityClass = "system-node-critical"
        cluster.add(
            ClusterWorkload(.daemonSet, "kube-proxy", namespace: "kube-system", replicas: 2, template: system),
            on: ["node-a", "node-b"])
        cluster.addPod("etcd-proxy-node-a", in: "kube-system", on: "node-a", system, isMirror: true)
        system.labels = ["app": "coredns"]
        cluster.add(
            ClusterWorkload(
                .replicaSet, "coredns-66bc5c", namespace: "kube-system", deployment: "coredns", replicas: 2,
                template: system),
            on: ["node-a", "node-b"])
        return cluster
    }
}
