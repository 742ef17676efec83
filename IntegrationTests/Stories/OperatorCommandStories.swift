import Simulators
import Testing

/// The commands of a person.
@Suite(.timeLimit(.minutes(10))) struct `A person` {
    private func crowdedWithBudget() -> KubernetesCluster {
        let cluster = ClusterPreset.crowded(2, time: .now, template: .web(grace: 2))
        cluster.addPod("strict", on: Stage.node, .web(grace: 2, labels: ["app": "strict"]))
        cluster.addBudget("strict", over: ["app": "strict"], maxUnavailable: 0)
        return cluster
    }

    @Test func `drains a node and reads in a pipe what happened, line by line`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(3, time: .now, template: .web())) { stage in
            let (end, lines) = try await stage.command(["drain", Stage.node, "--within", "20s"])
            #expect(end == .exited(0))
            #expect(stage.isCordoned && stage.podNames.isEmpty)
            #expect(lines.contains { $0.contains("default/web-1") })
            #expect(!lines.contains { $0.contains("\u{1B}") })
        }
    }

    @Test func `is told by the exit status that the node is not empty`() async throws {
        try await Stage.play(cluster: crowdedWithBudget()) { stage in
            let (end, lines) = try await stage.command(
                ["drain", Stage.node, "--within", "3s", "--margin", "1s", "--no-escalate"])
            #expect(end == .exited(1))
            #expect(lines.contains { $0.contains("default/strict") && $0.contains("budget strict") })
            #expect(stage.podNames == ["strict"])
        }
    }

    @Test func `plans without changing anything`() async throws {
        try await Stage.play(cluster: crowdedWithBudget()) { stage in
            let version = stage.cluster.resourceVersion
            let (end, lines) = try await stage.command(["plan", Stage.node, "--output", "json"])
            #expect(end == .exited(2))
            let plan = try KubernetesJSON(parsing: lines.joined(separator: "\n"))
            let pods = plan["pods"]?.array ?? []
            let strict = pods.first { $0["name"] == "strict" }
            #expect(strict?["prospect"] == "escalates")
            #expect(strict?["detail"] == "budget strict")
            #expect(pods.filter { $0["prospect"] == "leaves" }.count == 2)
            #expect(plan["isSmooth"] == false)
            #expect(stage.cluster.resourceVersion == version)
            #expect(!stage.cluster.removals.contains { !$0.isDryRun })
        }
    }

    @Test func `plans a drain that nothing stands in the way of`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(3, time: .now, template: .web())) { stage in
            let (end, lines) = try await stage.command(["plan", Stage.node])
            #expect(end == .exited(0))
            #expect(lines.last == "3 leaves")
        }
    }

    @Test func `gives a drained node back`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(1, time: .now, template: .web())) { stage in
            let result = try await stage.drain(["--taint", "--exclude-from-load-balancers"])
            #expect(result.end == .exited(0))
            #expect(stage.isCordoned && stage.record != nil)
            let (end, lines) = try await stage.command(["uncordon", Stage.node])
            #expect(end == .exited(0))
            #expect(lines == ["Node \(Stage.node) is schedulable"])
            #expect(!stage.isCordoned)
            #expect(stage.record == nil)
            let taints = stage.node?["spec", "taints"]?.array ?? []
            #expect(!taints.contains { $0["key"]?.string?.hasPrefix("interruption-handler.io/") ?? false })
        }
    }

    @Test func `overrules no budget, unless that is asked for`() async throws {
        try await Stage.play(cluster: crowdedWithBudget()) { stage in
            let hasty = ["drain", Stage.node, "--within", "4s", "--margin", "1s"]
            let (end, _) = try await stage.command(hasty)
            #expect(end == .exited(1))
            #expect(stage.cluster.count("delete", "pods") == 0)
            #expect(stage.podNames == ["strict"])
            let forced = try await stage.command(hasty + ["--escalate"])
            #expect(forced.end == .exited(0))
            #expect(stage.podNames.isEmpty)
        }
    }

    @Test func `uncordons a node that is not Ready`() async throws {
        try await Stage.play { stage in
            #expect(try await stage.drain().end == .exited(0))
            stage.cluster.lose(node: Stage.node)
            let (end, lines) = try await stage.command(["uncordon", Stage.node])
            #expect(end == .exited(0), "\(lines)")
            #expect(!stage.isCordoned && stage.record == nil)
        }
    }

    @Test func `reads in words why a node cannot be uncordoned`() async throws {
        try await Stage.play { stage in
            stage.cluster.change(.nodes, Stage.node) { node in node.update("spec") { $0["unschedulable"] = true } }
            stage.cluster.deny(AccessRule(["patch"], ["nodes"]))
            let (end, lines) = try await stage.command(["uncordon", Stage.node])
            #expect(end == .exited(1))
            #expect(lines.contains { $0.hasPrefix("interruption-handler: node-a: forbidden: ") }, "\(lines)")
        }
    }

    @Test func `uncordons what somebody else cordoned`() async throws {
        try await Stage.play { stage in
            stage.cluster.change(.nodes, Stage.node) { node in node.update("spec") { $0["unschedulable"] = true } }
            let (end, _) = try await stage.command(["uncordon", Stage.node])
            #expect(end == .exited(0))
            #expect(!stage.isCordoned)
        }
    }

    static let mistakes: [(arguments: [String], status: Int32)] = [
        (["drain", Stage.node, "--within", "soon"], 64), (["plan", Stage.node, "--within", "0s"], 64),
        (["drain"], 64), (["drain", "no-such-node", "--within", "2s", "--margin", "1s"], 1),
        (["plan", "no-such-node"], 1), (["uncordon", "no-such-node"], 1),
    ]

    @Test(arguments: mistakes.indices) func `is told about a mistake by the exit status`(index: Int) async throws {
        let (arguments, status) = Self.mistakes[index]
        try await Stage.play { stage in
            let (end, lines) = try await stage.command(arguments)
            #expect(end == .exited(status), "\(lines)")
            #expect(stage.podNames.count == 3)
        }
    }
}
