import Simulators
import Testing

/// Answers of the API server in which other handlers were caught.
@Suite(.timeLimit(.minutes(10))) struct `An answer of the API server` {
    private static let isHasty = ["--margin", "1s"]

    @Test func `that a budget refuses is asked for again, and the pod is evicted`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(2, time: .now, template: .web())) { stage in
            stage.cluster.inject(ClusterFault(.budget("web", isProcessing: false), name: "web-0", times: 1))
            let result = try await stage.drain(within: "60s")
            #expect(result.end == .exited(0))
            #expect(result.outcome("web-0") == "evicted")
            #expect(result.isEscalated("web-0") == false)
            #expect(stage.statuses("create", "pods/eviction").sorted() == [201, 201, 429])
        }
    }

    @Test func `that a budget is still being processed never holds a pod beyond its own time`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(2, time: .now, template: .web(grace: 2))) { stage in
            // It says Retry-After: 10; the pod's own time is 2 s away.
            stage.cluster.inject(
                ClusterFault(.budget("web", isProcessing: true), resource: "pods/eviction", name: "web-0"))
            let result = try await stage.drain(Self.isHasty, within: "5s")
            #expect(result.end == .exited(0))
            #expect(result.outcome("web-0") == "deleted")
            #expect(result.isEscalated("web-0") == true)
            #expect(result.grace("web-0") == 2)
            #expect(result.outcome("web-1") == "evicted")
        }
    }

    @Test func `that it is flow control is no word of a budget`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(3, time: .now, template: .web())) { stage in
            stage.cluster.inject(
                ClusterFault(.tooManyRequests(retryAfter: 1), resource: "pods/eviction", times: 3))
            let result = try await stage.drain(within: "60s")
            #expect(result.end == .exited(0))
            #expect(stage.statuses("create", "pods/eviction").filter { $0 == 429 }.count == 3)
            #expect(stage.cluster.count("delete", "pods") == 0)
            for pod in ["web-0", "web-1", "web-2"] {
                #expect(result.outcome(pod) == "evicted")
                #expect(result.detail(pod) == nil)
            }
        }
    }

    @Test func `that a pod has several budgets means a deletion at its own time`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(1, time: .now, template: .web(grace: 2))) { stage in
            for budget in ["one", "two"] { stage.cluster.addBudget(budget, over: ["app": "web"], maxUnavailable: 1) }
            let result = try await stage.drain(Self.isHasty, within: "5s")
            #expect(result.end == .exited(0))
            #expect(result.outcome("web-0") == "deleted")
            #expect(result.isEscalated("web-0") == true)
            #expect(result.detail("web-0") == "more than one budget")
            #expect(result.grace("web-0") == 2)
            #expect(stage.statuses("create", "pods/eviction") == [500])
        }
    }

    @Test func `that the namespace goes away means a deletion at once`() async throws {
        let cluster = ClusterPreset.crowded(1, time: .now, template: .web())
        cluster.addPod("old", in: "leaving", on: Stage.node, .web())
        try await Stage.play(cluster: cluster) { stage in
            cluster.terminate(namespace: "leaving")
            let result = try await stage.drain(within: "60s")
            #expect(result.end == .exited(0))
            #expect(result.outcome("old") == "deleted")
            #expect(result.isEscalated("old") == false)
            let ways = cluster.removals.filter { $0.pod.name == "old" }
            #expect(ways.map(\.way) == [.eviction, .deletion])
            #expect(ways.map(\.status) == [403, 200])
        }
    }

    /// A StatefulSet's pod comes back under its own name on another node while its budget refuses.
    @Test(arguments: [false, true])
    func `that the uid is another one leaves the new pod alone, seen by the watch or not`(isBlind: Bool) async throws {
        let cluster = ClusterPreset.empty(time: .now, nodes: ["node-a", "node-b"])
        cluster.add(ClusterWorkload(.statefulSet, "db", replicas: 1, template: .web()), on: [Stage.node])
        cluster.configure { $0.replacementDelay = .milliseconds(10) }
        try await Stage.play(cluster: cluster) { stage in
            let old = cluster.object(.pods, "db-0", in: "default")?["metadata", "uid"]?.string
            cluster.inject(ClusterFault(.budget("db", isProcessing: false), resource: "pods/eviction", times: 1))
            let result = try await stage.drain(within: "60s") { _ in
                await stage.untilEvictions(1)
                cluster.pauseWatches(isBlind)
                cluster.remove(.pods, "db-0", in: "default")
            }
            #expect(result.end == .exited(0))
            #expect(result.outcome("db-0") == "gone")
            let new = cluster.object(.pods, "db-0", in: "default")
            #expect(new?["spec", "nodeName"] == "node-b")
            #expect(new?["metadata", "deletionTimestamp"] == nil)
            #expect(new?["metadata", "uid"]?.string != old)
            #expect(cluster.removals.allSatisfy { $0.demandedUID == old })
            #expect(stage.statuses("create", "pods/eviction") == (isBlind ? [429, 409] : [429]))
        }
    }

    @Test func `for a DaemonSet is never needed`() async throws {
        let cluster = ClusterPreset.crowded(2, time: .now, template: .web())
        cluster.add(ClusterWorkload(.daemonSet, "agent", replicas: 0, template: .web(labels: [:])), on: [Stage.node])
        try await Stage.play(cluster: cluster) { stage in
            cluster.deny(AccessRule(["*"], ["daemonsets"]))
            let result = try await stage.drain()
            #expect(result.end == .exited(0))
            #expect(stage.podNames.count == 1)
            #expect(!cluster.requests.contains { $0.resource == "daemonsets" })
        }
    }
}
