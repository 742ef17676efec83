import Simulators
import Testing

/// Budgets and webhooks that refuse for now, and answers that mean less than they seem to.
@Suite(.timeLimit(.minutes(10))) struct `A budget` {
    private static let isHasty = ["--margin", "1s"]

    /// A pod with seven days of grace under a budget that has no room.
    private func quorum() -> KubernetesCluster {
        let cluster = ClusterPreset.empty(time: .now, nodes: ["node-a", "node-b"])
        cluster.addPod("mq-0", on: Stage.node, .web(grace: 604_800, labels: ["app": "mq"]))
        cluster.addBudget("mq", over: ["app": "mq"], maxUnavailable: 0)
        return cluster
    }

    @Test func `that gets room within its share lets a pod of a long grace be evicted`() async throws {
        try await Stage.play(cluster: quorum()) { stage in
            let result = try await stage.drain(Self.isHasty, within: "60s") { _ in
                await stage.untilEvictions(3)
                stage.cluster.remove(.podDisruptionBudgets, "mq", in: "default")
            }
            #expect(result.end == .exited(0))
            #expect(result.outcome("mq-0") == "evicted")
            #expect(stage.cluster.count("delete", "pods") == 0)
        }
    }

    @Test func `that is deleted while a pod is evicted does not make the pod gone`() async throws {
        let cluster = ClusterPreset.crowded(1, time: .now, template: .web(grace: 2))
        try await Stage.play(cluster: cluster) { stage in
            let status = """
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
                "message":"poddisruptionbudgets.policy \\"web\\" not found","reason":"NotFound",\
                "details":{"name":"web","group":"policy","kind":"poddisruptionbudgets"},"code":404}
                """
            cluster.inject(
                ClusterFault(
                    .answer(status: 404, contentType: "application/json", body: status), resource: "pods/eviction",
                    times: 1))
            let result = try await stage.drain(within: "30s")
            #expect(result.end == .exited(0))
            #expect(result.outcome("web-0") == "evicted")
            #expect(stage.podNames.isEmpty)
        }
    }

    @Test func `that gets room is asked again where a DELETE is forbidden`() async throws {
        let cluster = quorum()
        try await Stage.play(cluster: cluster) { stage in
            cluster.deny(AccessRule(["delete"], ["pods"]))
            let result = try await stage.drain(Self.isHasty, within: "30s") { _ in
                await stage.untilAsked { $0.method == "DELETE" }
                cluster.remove(.podDisruptionBudgets, "mq", in: "default")
            }
            #expect(result.end == .exited(0))
            #expect(result.outcome("mq-0") == "evicted")
        }
    }

    @Test func `that was one too many is forgotten when it is deleted`() async throws {
        let cluster = ClusterPreset.crowded(1, time: .now, template: .web(grace: 2))
        for budget in ["one", "two"] { cluster.addBudget(budget, over: ["app": "web"], maxUnavailable: "100%") }
        cluster.addBudget("three", over: ["app": "web"], minAvailable: 0)
        try await Stage.play(cluster: cluster) { stage in
            let result = try await stage.drain(within: "60s") { _ in
                await stage.untilEvictions(1)
                for budget in ["one", "two"] { cluster.remove(.podDisruptionBudgets, budget, in: "default") }
            }
            #expect(result.end == .exited(0))
            #expect(result.outcome("web-0") == "evicted")
            #expect(cluster.count("delete", "pods") == 0)
        }
    }
}
