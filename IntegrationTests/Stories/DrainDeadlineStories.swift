import Simulators
import Testing

/// Pods for which the time is short.
@Suite(.timeLimit(.minutes(10))) struct `A deadline` {
    private static let isHasty = ["--margin", "1s"]

    @Test func `that is nearer than a pod's grace asks politely all the same, once and with the grace that is left`()
        async throws
    {
        try await Stage.play(cluster: ClusterPreset.crowded(5, time: .now, template: .web(grace: 600))) { stage in
            let result = try await stage.drain(within: "20s")
            #expect(result.end == .exited(0))
            #expect(stage.cluster.count("delete", "pods") == 0)
            #expect(stage.statuses("create", "pods/eviction") == [201, 201, 201, 201, 201])
            #expect(result.outcome("web-0") == "evicted")
            #expect(result.isEscalated("web-0") == false)
            #expect(stage.cluster.removals.allSatisfy { (10...15).contains($0.grace ?? 0) })
        }
    }

    @Test func `that is nearer than a pod's grace asks its budget for a third of the time, and overrules it then`()
        async throws
    {
        let cluster = ClusterPreset.crowded(1, time: .now, template: .web(grace: 600))
        cluster.addBudget("web", over: ["app": "web"], maxUnavailable: 0)
        try await Stage.play(cluster: cluster) { stage in
            let result = try await stage.drain(within: "20s")
            #expect(result.end == .exited(0))
            #expect(result.outcome("web-0") == "deleted")
            #expect(result.isEscalated("web-0") == true)
            #expect(result.detail("web-0") == "budget web")
            let ways = stage.cluster.removals.map(\.way)
            #expect(ways.count > 3 && ways.last == .deletion && !ways.dropLast().contains(.deletion))
            let (first, last) = (stage.cluster.removals.first?.time, stage.cluster.removals.last?.time)
            let asked = try #require(last) - (try #require(first))
            #expect(asked >= .milliseconds(4800) && asked < .seconds(7))
            #expect((8...10).contains(result.grace("web-0") ?? 0))
        }
    }

    @Test func `cuts a grace of an hour that the pod would use up`() async throws {
        let cluster = ClusterPreset.crowded(2, time: .now, template: .web())
        cluster.addPod("slow", on: Stage.node, .web(grace: 3600, stop: .whenKilled))
        try await Stage.play(cluster: cluster) { stage in
            let result = try await stage.drain(Self.isHasty, within: "4s")
            #expect(result.end == .exited(0))
            #expect(result.outcome("slow") == "evicted")
            #expect((1...3).contains(result.grace("slow") ?? 0))
            #expect(result.outcome("web-0") == "evicted")
        }
    }

    @Test func `does not wait for the finalizer of a pod that has ended`() async throws {
        let cluster = ClusterPreset.crowded(2, time: .now, template: .web())
        cluster.addPod("held", on: Stage.node, held(stop: .after(.milliseconds(200))))
        try await Stage.play(cluster: cluster) { stage in
            let result = try await stage.drain(within: "60s")
            #expect(result.end == .exited(0))
            #expect(result.outcome("held") == "evicted")
            #expect(stage.podNames == ["held"])
        }
    }

    @Test func `passes over a pod that never ends, and says which finalizer holds it`() async throws {
        let cluster = ClusterPreset.crowded(2, time: .now, template: .web())
        cluster.addPod("held", on: Stage.node, held(stop: .never))
        try await Stage.play(cluster: cluster) { stage in
            let result = try await stage.drain(Self.isHasty, within: "3s")
            #expect(result.end == .exited(1))
            #expect(result.ending == "deadline-reached")
            #expect(result.outcome("held") == "terminating")
            #expect(result.detail("held") == "finalizers: example.com/hold")
            #expect(stage.podNames == ["held"])
        }
    }

    private func held(stop: PodBehaviour.Stop) -> PodTemplate {
        var template = PodTemplate.web(stop: stop)
        template.finalizers = ["example.com/hold"]
        return template
    }

    @Test func `shortens what somebody else gave an hour`() async throws {
        let cluster = ClusterPreset.empty(time: .now)
        cluster.addPod("slow", on: Stage.node, .web(grace: 3600, stop: .whenKilled))
        try await Stage.play(cluster: cluster) { stage in
            let status = await stage.somebodySends("DELETE", "/api/v1/namespaces/default/pods/slow")
            #expect(status == 200)
            let result = try await stage.drain(Self.isHasty, within: "4s")
            #expect(result.end == .exited(0))
            #expect(result.outcome("slow") == "gone")
            #expect(cluster.removals.count == 2)
            #expect((1...3).contains(cluster.removals.last?.grace ?? 0))
        }
    }

    @Test func `overrules a budget that refuses to the end, early enough for the whole grace`() async throws {
        let cluster = ClusterPreset.crowded(1, time: .now, template: .web(grace: 2))
        cluster.addBudget("web", over: ["app": "web"], maxUnavailable: 0)
        try await Stage.play(cluster: cluster) { stage in
            try await stage.handler(["--margin", "1s", "--poll-interval", "100ms"]) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(6))
                let overruled = await handler.line(containing: "budget overruled")
                #expect(overruled?.contains("budget web") == true)
                let texts = await stage.slackTexts(atLeast: 2)
                #expect(texts.last?.contains("escalated") == true && texts.last?.contains("budget web") == true)
            }
            #expect(stage.podNames.isEmpty)
            let deletions = cluster.removals.filter { $0.way == .deletion }
            #expect(deletions.count == 1)
            #expect([nil, 2].contains(deletions.first?.grace))
            #expect(cluster.removals.filter { $0.way == .eviction }.count > 1)
        }
    }

    @Test func `without escalation leaves a pod to its budget, and reports it as blocked`() async throws {
        let cluster = ClusterPreset.crowded(1, time: .now, template: .web(grace: 1))
        cluster.addBudget("web", over: ["app": "web"], maxUnavailable: 0)
        cluster.addPod("free", on: Stage.node, .web(labels: [:]))
        try await Stage.play(cluster: cluster) { stage in
            let result = try await stage.drain(Self.isHasty + ["--no-escalate"], within: "4s")
            #expect(result.end == .exited(1))
            #expect(result.outcome("web-0") == "blocked")
            #expect(result.detail("web-0") == "budget web")
            #expect(result.outcome("free") == "evicted")
            #expect(cluster.count("delete", "pods") == 0)
            #expect(stage.podNames == ["web-0"])
        }
    }
}
