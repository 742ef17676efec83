import Simulators
import Testing

/// Pods that come to the node while it is emptied.
@Suite(.timeLimit(.minutes(10))) struct `A pod that comes to a node being emptied` {
    private static let isHasty = ["--margin", "1s"]

    /// A node that one replica likes best because it tolerates the cordon, and a second node that is never empty.
    private func agentCluster(replicas: Int = 1, toleratesEverything: Bool = true) -> KubernetesCluster {
        let cluster = ClusterPreset.empty(time: .now, nodes: ["node-a", "node-b"])
        cluster.configure { $0.replacementDelay = .milliseconds(20) }
        var template = PodTemplate.web(grace: 2, stop: .after(.milliseconds(20)), labels: ["app": "agent"])
        template.toleratesEverything = toleratesEverything
        cluster.add(ClusterWorkload(.replicaSet, "agent", replicas: replicas, template: template), on: [Stage.node])
        for index in 0..<6 { cluster.addPod("other-\(index)", on: "node-b", .web(labels: [:])) }
        return cluster
    }

    private func evictions(_ cluster: KubernetesCluster, of prefix: String) -> Int {
        cluster.removals.count { $0.pod.name.hasPrefix(prefix) && $0.way == .eviction }
    }

    @Test func `again and again, since it tolerates the cordon, is evicted four times at most`() async throws {
        let cluster = agentCluster()
        var held = PodTemplate.web(labels: [:])
        held.finalizers = ["example.com/hold"]
        held.behaviour.stop = .never
        cluster.addPod("held", on: Stage.node, held)
        try await Stage.play(cluster: cluster) { stage in
            let result = try await stage.drain(Self.isHasty, within: "8s")
            #expect(result.ending == "deadline-reached")
            #expect((2...4).contains(evictions(cluster, of: "agent-")), "\(evictions(cluster, of: "agent-"))")
            let told = result.report?["pods"]?.array?.filter {
                $0["detail"]?.string == "comes back to this node: it tolerates the cordon"
            }
            #expect(told?.isEmpty == false)
        }
    }

    @Test func `again and again does not keep the drain from being over`() async throws {
        let cluster = agentCluster()
        try await Stage.play(cluster: cluster) { stage in
            let result = try await stage.drain(Self.isHasty, within: "60s")
            #expect(result.end == .exited(0))
            #expect(evictions(cluster, of: "agent-") <= 4)
        }
    }

    @Test func `whose cordon is refused is asked for a few times and no more`() async throws {
        let cluster = agentCluster(replicas: 3, toleratesEverything: false)
        try await Stage.play(cluster: cluster) { stage in
            cluster.deny(AccessRule(["patch"], ["nodes"]))
            let result = try await stage.drain(Self.isHasty, within: "8s")
            #expect(result.report?["secondsToCordon"] == nil)
            #expect(evictions(cluster, of: "agent-") <= 12, "\(evictions(cluster, of: "agent-"))")
        }
    }

    @Test func `because a person uncordoned it and scales is not evicted for ever`() async throws {
        let cluster = agentCluster(replicas: 2, toleratesEverything: false)
        cluster.addPod("kept", on: Stage.node, .web(grace: 1, labels: ["app": "kept"]))
        cluster.addBudget("kept", over: ["app": "kept"], maxUnavailable: 0)
        try await Stage.play(cluster: cluster) { stage in
            _ = try await stage.drain(Self.isHasty, within: "8s") { _ in
                await stage.untilEvictions(3)
                cluster.change(.nodes, Stage.node) { node in node.update("spec") { $0["unschedulable"] = .null } }
                cluster.addPod("agent-scaled", on: Stage.node, .web(grace: 2, labels: ["app": "agent"]))
            }
            #expect(evictions(cluster, of: "agent-") <= 12, "\(evictions(cluster, of: "agent-"))")
        }
    }

    @Test func `seconds after its node was chosen is evicted too, once`() async throws {
        let cluster = ClusterPreset.crowded(2, time: .now, template: .web(grace: 1))
        try await Stage.play(cluster: cluster) { stage in
            try await stage.handler(["--poll-interval", "100ms"]) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(60))
                _ = await stage.slackTexts(atLeast: 2)
                cluster.addPod("late", on: Stage.node, .web(grace: 1))
                await stage.untilAsked { $0.path.hasSuffix("/late/eviction") }
                await stage.until { !$0.podNames.contains("late") }
            }
            #expect(evictions(cluster, of: "late") == 1)
        }
    }
}
