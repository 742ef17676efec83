import Simulators
import Testing

/// Who leaves when it says, and who is told to stop before the node goes.
@Suite(.timeLimit(.minutes(10))) struct `While it leaves` {
    private static let exclusion = "node.kubernetes.io/exclude-from-external-load-balancers"

    private func leaving(_ leave: String) -> PodTemplate {
        var template = PodTemplate.web(grace: 1, labels: [:])
        template.annotations["interruption-handler.io/leave"] = leave
        return template
    }

    @Test func `a node serves on until the load balancers let go of it, and each pod as long as it says`()
        async throws
    {
        let cluster = ClusterPreset.crowded(2, time: .now, template: .web(grace: 1))
        cluster.addPod("first", on: Stage.node, leaving("first"))
        cluster.addPod("soon", on: Stage.node, leaving("1s"))
        cluster.addPod("late", on: Stage.node, leaving("late"))
        try await Stage.play(cluster: cluster) { stage in
            let result = try await stage.drain(
                ["--settle", "3s", "--margin", "1s", "--exclude-from-load-balancers"], within: "8s")
            #expect(result.end == .exited(0))
            #expect(stage.node?["metadata", "labels"]?[Self.exclusion] != nil)
            let times = Dictionary(
                cluster.removals.map { ($0.pod.name, $0.time) }, uniquingKeysWith: { first, _ in first })
            let start = try #require(times["first"])
            let after = times.mapValues { $0 - start }
            #expect(try #require(after["soon"]) >= .milliseconds(800))
            #expect(try #require(after["soon"]) < .milliseconds(2500))
            #expect(try #require(after["web-0"]) >= .milliseconds(2800))
            #expect(try #require(after["web-0"]) < .seconds(5))
            #expect(try #require(after["late"]) >= .milliseconds(5500))
        }
    }

    @Test func `a node that is scaled in is taken out of the load balancers, without being asked for`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(2, time: .now, template: .web(grace: 1))) { stage in
            try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                stage.lab.metadata.update { $0.targetLifecycleState = "Terminated" }
                _ = await handler.line(containing: "node cordoned")
            }
            #expect(stage.node?["metadata", "labels"]?[Self.exclusion] != nil)
        }
    }

    @Test func `a spot node is not, unless it is asked for`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(2, time: .now, template: .web(grace: 1))) { stage in
            try await stage.handler(Stage.quick) { _ in
                await stage.untilListening()
                await stage.playSpotNotice()
            }
            #expect(stage.isCordoned)
            #expect(stage.node?["metadata", "labels"]?[Self.exclusion] == nil)
        }
    }

    @Test func `a DaemonSet's pod that wants to say good-bye is evicted after the others, once`() async throws {
        let cluster = ClusterPreset.crowded(2, time: .now, template: .web(grace: 1))
        cluster.configure { $0.replacementDelay = .milliseconds(20) }
        var template = PodTemplate.web(grace: 1, labels: ["app": "agent"])
        template.annotations["cluster-autoscaler.kubernetes.io/enable-ds-eviction"] = "true"
        cluster.add(ClusterWorkload(.daemonSet, "agent", replicas: 0, template: template), on: [Stage.node])
        try await Stage.play(cluster: cluster) { stage in
            let result = try await stage.drain(within: "30s")
            #expect(result.end == .exited(0))
            let names = cluster.removals.map(\.pod.name)
            #expect(names.count == 3 && names.last?.hasPrefix("agent") == true, "\(names)")
        }
    }

    @Test func `a taint that removes pods comes before the end, though the drain is not over`() async throws {
        let cluster = ClusterPreset.crowded(1, time: .now, template: .web(grace: 1))
        var held = PodTemplate.web(labels: [:])
        held.finalizers = ["example.com/hold"]
        held.behaviour.stop = .never
        cluster.addPod("held", on: Stage.node, held)
        try await Stage.play(cluster: cluster) { stage in
            let marks = ["--taint", "--taint-effect", "NoExecute", "--no-execute-lead", "4s", "--margin", "1s"]
            _ = try await stage.drain(marks, within: "8s") { program in
                await stage.untilAsked {
                    $0.method == "PATCH" && String(decoding: $0.body, as: UTF8.self).contains("NoExecute")
                }
                #expect(!program.hasEnded)
            }
        }
    }
}
