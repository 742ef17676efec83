import FoundationEssentials
import Simulators
import Testing

/// What can befall the connection, the API server and its word while a drain runs.
@Suite(.timeLimit(.minutes(10))) struct `In the middle of a drain` {
    /// Twelve pods that leave three at a time, each after 200 ms, so that there is a middle.
    private func slowly(
        _ count: Int = 12, changing change: @Sendable (Stage) throws -> Void = { _ in },
        _ disturb: @escaping @Sendable (Stage) async throws -> Void
    ) async throws -> (result: DrainResult, lab: Lab, cluster: KubernetesCluster) {
        let cluster = ClusterPreset.crowded(count, time: .now, template: .web())
        cluster.configure { $0.evictionLatency = .each(.milliseconds(200)) }
        let outcome = Outcome<(result: DrainResult, lab: Lab, cluster: KubernetesCluster)>()
        try await Stage.play(cluster: cluster) { stage in
            try change(stage)
            let result = try await stage.drain(["--in-flight", "4"], within: "60s") { _ in
                await stage.untilEvictions(4)
                try await disturb(stage)
            }
            #expect(result.end == .exited(0), "\(result.lines)")
            #expect(result.ending == "empty")
            #expect(stage.podNames.isEmpty)
            outcome.set((result, stage.lab, cluster))
        }
        return try #require(outcome.value)
    }

    @Test func `the API server may be away for some seconds`() async throws {
        let (result, _, cluster) = try await slowly { stage in
            await stage.lab.servers[.kubernetes]?.goAway(for: .seconds(3))
        }
        #expect(cluster.count("delete", "pods") == 0)
        #expect((0..<10).allSatisfy { result.outcome("web-0\($0)") == "evicted" })
    }

    @Test func `a connection that goes silent without closing is left for a fresh one`() async throws {
        let (_, lab, cluster) = try await slowly { stage in
            stage.lab.servers[.kubernetes]?.silence()
            stage.lab.servers[.kubernetes]?.endSilence()
        }
        #expect((lab.servers[.kubernetes]?.connectionCount ?? 0) >= 2)
        #expect(cluster.count("delete", "pods") == 0)
    }

    @Test func `a watch that expired is made up for by a list`() async throws {
        let (_, _, cluster) = try await slowly { stage in
            stage.cluster.compact()
            stage.cluster.expireWatches()
        }
        #expect(cluster.count("list", "pods") == 2)
        #expect(cluster.count("watch", "pods") == 2)
    }

    @Test func `a watch that ends without a word goes on where it was`() async throws {
        let (_, _, cluster) = try await slowly { stage in stage.cluster.endWatches() }
        #expect(cluster.count("list", "pods") == 1)
        #expect(cluster.count("watch", "pods") == 2)
    }

    @Test func `a token that was rotated is read anew`() async throws {
        let (_, _, cluster) = try await slowly(changing: { stage in
            let file = stage.folder + "/token"
            try ClusterPreset.token.write(toFile: file, atomically: true, encoding: .utf8)
            let kubeconfig = (stage.lab.kubeconfig ?? "").replacing(
                "token: \(ClusterPreset.token)", with: "tokenFile: \(file)")
            #expect(kubeconfig.contains("tokenFile"))
            try kubeconfig.write(toFile: stage.kubeconfig, atomically: true, encoding: .utf8)
        }) { stage in
            try "second".write(toFile: stage.folder + "/token", atomically: true, encoding: .utf8)
            stage.cluster.accept(token: "second", as: ClusterPreset.account)
            stage.cluster.refuse(token: ClusterPreset.token)
        }
        #expect(cluster.requests.contains { $0.status == 401 })
    }

    @Test func `marks that are forbidden delay nothing`() async throws {
        let cluster = ClusterPreset.crowded(3, time: .now, template: .web())
        try await Stage.play(cluster: cluster) { stage in
            for rule in [AccessRule(["*"], ["nodes/status", "pods/status"]), AccessRule(["*"], ["events"])] {
                cluster.deny(rule)
            }
            let result = try await stage.drain(["--node-conditions", "--pod-events", "--taint"])
            #expect(result.end == .exited(0))
            #expect(result.report?["remarks"]?.array?.isEmpty == false)
            #expect(stage.podNames.isEmpty)
            #expect(cluster.count("create", "events") >= 1)
        }
    }

    @Test func `one answer in ten may fail: 250 pods get out, each by one eviction`() async throws {
        let count = 250
        let cluster = ClusterPreset.crowded(count, time: .now, template: .web())
        let effects: [ClusterFault.Effect] = [
            .internalError, .unavailable, .timeout, .tooManyRequests(retryAfter: 1), .drop,
        ]
        for effect in effects { cluster.inject(ClusterFault(effect, probability: 0.02)) }
        try await Stage.play(cluster: cluster) { stage in
            let result = try await stage.drain(within: "60s")
            #expect(result.end == .exited(0))
            #expect(stage.podNames.isEmpty)
            let accepted = cluster.removals.filter { $0.status < 300 }
            #expect(accepted.count == count)
            #expect(Set(accepted.compactMap(\.uid)).count == count)
            #expect(accepted.allSatisfy { $0.way == .eviction })
            let asked = stage.lab.kubernetesLog.count
            #expect(asked > count + 8 && asked <= 2 * count + 8)
        }
    }
}
