import Simulators
import Testing

/// What a person reads in a forecast.
@Suite(.timeLimit(.minutes(10))) struct `A forecast` {
    /// Four pods of one Deployment, of which the budget lets one go at a time.
    private func shop(_ nodes: [String] = ["node-a", "node-b"]) -> KubernetesCluster {
        let cluster = ClusterPreset.empty(time: .now, nodes: nodes)
        cluster.add(
            ClusterWorkload(.replicaSet, "web-6b9f", deployment: "web", replicas: 4, template: .web()),
            on: [Stage.node])
        cluster.addBudget("web", over: ["app": "web"], maxUnavailable: 1)
        return cluster
    }

    private func plan(_ stage: Stage, _ arguments: [String]) async throws -> (RunningProgram.End, KubernetesJSON) {
        let (end, lines) = try await stage.command(["plan"] + arguments + ["--output", "json"])
        return (end, try KubernetesJSON(parsing: lines.joined(separator: "\n")))
    }

    private func pod(_ name: String, in plan: KubernetesJSON) -> KubernetesJSON? {
        plan["pods"]?.array?.first { $0["name"]?.string == name }
    }

    @Test func `counts for each budget, though a try of each pod alone would be accepted`() async throws {
        try await Stage.play(cluster: shop()) { stage in
            let (end, plan) = try await plan(stage, [Stage.node])
            #expect(end == .exited(2))
            let prospects = plan["pods"]?.array?.compactMap { $0["prospect"]?.string } ?? []
            #expect(prospects.sorted() == ["escalates", "escalates", "escalates", "leaves"])
            let budget = plan["budgets"]?.array?.first
            #expect(budget?["pods"] == 4 && budget?["allowed"] == 1)
            let text = try await stage.command(["plan", Stage.node])
            #expect(text.lines.contains { $0.contains("4 pods here, it lets 1 go at a time") })
            #expect(!stage.cluster.removals.contains { !$0.isDryRun })
        }
    }

    @Test func `says who is terminating, who waits for others, and what holds a pod's object`() async throws {
        let cluster = ClusterPreset.crowded(1, time: .now, template: .web())
        cluster.addPod("old", on: Stage.node, .web(grace: 3600, stop: .whenKilled))
        var dns = PodTemplate.web(labels: [:])
        dns.priority = 2_000_000_000
        cluster.addPod("dns", on: Stage.node, dns)
        var held = PodTemplate.web(labels: [:])
        held.finalizers = ["example.com/hold"]
        cluster.addPod("held", on: Stage.node, held)
        try await Stage.play(cluster: cluster) { stage in
            #expect(await stage.somebodySends("DELETE", "/api/v1/namespaces/default/pods/old") == 200)
            let (end, plan) = try await plan(stage, [Stage.node, "--within", "60s"])
            #expect(end == .exited(2))
            #expect(pod("old", in: plan)?["prospect"] == "leaves-in-haste")
            #expect(pod("old", in: plan)?["detail"]?.string?.hasPrefix("terminating already, shortened to") == true)
            #expect(pod("dns", in: plan)?["detail"] == "when the ordinary ones are gone")
            #expect(pod("held", in: plan)?["detail"] == "its object stays for finalizers: example.com/hold")
            #expect(pod("web-0", in: plan)?["prospect"] == "leaves")
        }
    }

    @Test func `for a pool names the pods that would not make it, and their nodes`() async throws {
        let cluster = shop(["node-a", "node-b", "node-c"])
        cluster.addPod("slow", on: "node-b", .web(grace: 3600, labels: [:]))
        cluster.addPod("calm", on: "node-c", .web(labels: [:]))
        cluster.change(.nodes, "node-c") { node in
            node.update("metadata") { metadata in metadata.update("labels") { $0["pool"] = "calm" } }
        }
        try await Stage.play(cluster: cluster) { stage in
            let (end, lines) = try await stage.command(["plan", "--all"])
            #expect(end == .exited(2))
            #expect(lines.contains { $0.hasPrefix("node-b") && $0.contains("default/slow") })
            #expect(lines.contains { $0.hasPrefix("node-a") && $0.contains("default/web-6b9f-") })
            #expect(lines.last == "3 nodes, 6 pods that would leave, 4 of them not as they should", "\(lines)")
            let calm = try await stage.command(["plan", "--selector", "pool=calm"])
            #expect(calm.end == .exited(0))
            #expect(calm.lines == ["1 nodes, 1 pods that would leave, all with their whole grace"])
            #expect(!cluster.removals.contains { !$0.isDryRun })
        }
    }

    @Test func `without the right to read budgets says so`() async throws {
        try await Stage.play(cluster: shop()) { stage in
            stage.cluster.deny(AccessRule(["list"], ["poddisruptionbudgets"]))
            let (end, lines) = try await stage.command(["plan", Stage.node])
            #expect(end == .exited(0))
            #expect(lines.contains { $0.hasPrefix("note: budgets could not be read") })
        }
    }
}
