import Simulators
import Testing

/// Pods of one owner under one budget, on an API server whose evictions race each other for it.
@Suite(.timeLimit(.minutes(10))) struct `A budget that many share` {
    private func crowd(_ count: Int) -> KubernetesCluster {
        let cluster = ClusterPreset.crowded(count, time: .now, template: .web(), replaces: true)
        cluster.addBudget("web", over: ["app": "web"], maxUnavailable: "100%")
        cluster.configure { settings in
            settings.budgetRace = .milliseconds(7)
            settings.watchBuffer = (10, .milliseconds(50))
            settings.replacementDelay = .seconds(60)
        }
        return cluster
    }

    @Test func `is asked by few at a time once they race, and nobody is forgotten`() async throws {
        try await Stage.play(cluster: crowd(110)) { stage in
            let result = try await stage.drain(within: "120s")
            #expect(result.end == .exited(0))
            #expect(stage.podNames.isEmpty)
            #expect(stage.cluster.removals.allSatisfy { $0.way == .eviction })
            #expect(stage.cluster.lostRaces < 200, "\(stage.cluster.lostRaces)")
        }
    }
}
