import Simulators
import Testing

/// What the handler leaves on the Node, and what it takes away again.
@Suite(.timeLimit(.minutes(10))) struct `On the Node` {
    private static let quick = ["--poll-interval", "100ms"]
    private static let marks = ["--taint", "--exclude-from-load-balancers", "--node-conditions"]
    private static let exclusion = "node.kubernetes.io/exclude-from-external-load-balancers"
    private static let ours = [
        "interruption-handler.io/reclaim", exclusion, "DrainInProgress", "Drained", "interruption-handler.io/record",
    ]

    /// Keys of taints and labels, types of conditions, keys of annotations: all that a mark can be.
    private func marks(on stage: Stage) -> Set<String> {
        let node = stage.node
        let taints = node?["spec", "taints"]?.array?.compactMap { $0["key"]?.string } ?? []
        let conditions = node?["status", "conditions"]?.array?.compactMap { $0["type"]?.string } ?? []
        let maps = ["labels", "annotations"].flatMap { name -> [String] in
            node?["metadata", name]?.members?.entries.map(\.key) ?? []
        }
        return Set(taints + conditions + maps)
    }

    private func putSomebodysMarks(on cluster: KubernetesCluster) {
        cluster.change(.nodes, Stage.node) { node in
            node.update("spec") { spec in
                spec["taints"] = .array([["key": "team/keep", "value": "yes", "effect": "NoSchedule"]])
            }
            node.update("metadata") { metadata in
                metadata.update("labels") { $0["team/label"] = "a" }
            }
        }
    }

    @Test func `every mark that is wanted appears, and a withdrawal removes ours only`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(3, time: .now, template: .web())) { stage in
            putSomebodysMarks(on: stage.cluster)
            let before = marks(on: stage)
            #expect(before.isDisjoint(with: Self.ours))
            try await stage.handler(Self.quick + Self.marks) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await handler.line(containing: "drain ended: the node is empty")
                _ = await stage.slackTexts(atLeast: 2)
                let during = marks(on: stage)
                #expect(during.isSuperset(of: Self.ours), "\(during)")
                #expect(during.isSuperset(of: before))
                #expect(stage.isCordoned)
                stage.lab.metadata.update { $0.withdrawAll() }
                _ = await handler.line(containing: "node given back")
            }
            #expect(!stage.isCordoned)
            let after = marks(on: stage)
            #expect(after.isDisjoint(with: Self.ours), "\(after)")
            #expect(after.isSuperset(of: ["team/keep", "team/label"]))
        }
    }

    @Test func `a cordon of somebody else stays when the node is given back`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(3, time: .now, template: .web())) { stage in
            stage.cluster.change(.nodes, Stage.node) { node in node.update("spec") { $0["unschedulable"] = true } }
            try await stage.handler(Self.quick) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await handler.line(containing: "node was cordoned already")
                _ = await handler.line(containing: "drain ended: the node is empty")
                #expect(stage.podNames.isEmpty)
                stage.lab.metadata.update { $0.withdrawAll() }
                _ = await handler.line(containing: "node given back")
            }
            #expect(stage.isCordoned)
            #expect(stage.record == nil)
        }
    }

    @Test func `a notice that is withdrawn in the middle leaves the refused pods where they are`() async throws {
        let cluster = ClusterPreset.crowded(2, time: .now, template: .web())
        cluster.addBudget("web", over: ["app": "web"], maxUnavailable: 0)
        try await Stage.play(cluster: cluster) { stage in
            try await stage.handler(Self.quick) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await handler.line(containing: "pod's budget refuses")
                stage.lab.metadata.update { $0.withdrawAll() }
                _ = await handler.line(containing: "drain ended: the notice was taken back")
                _ = await handler.line(containing: "node given back")
            }
            #expect(stage.podNames.count == 2)
            #expect(!stage.isCordoned)
            #expect(stage.record == nil)
        }
    }

    @Test func `record and cordon stay after SIGTERM in the middle, and the next life drains on`() async throws {
        let cluster = ClusterPreset.crowded(3, time: .now, template: .web())
        cluster.addBudget("web", over: ["app": "web"], maxUnavailable: 0)
        try await Stage.play(cluster: cluster) { stage in
            let first = try await stage.handler(Self.quick) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await handler.line(containing: "pod's budget refuses")
                handler.send(.terminate)
                await handler.untilEnded()
            }
            #expect(first.end == .exited(0))
            #expect(stage.isCordoned)
            #expect(stage.record != nil)
            #expect(stage.podNames.count == 3)
            cluster.remove(.podDisruptionBudgets, "web", in: "default")
            try await stage.handler(Self.quick) { handler in
                _ = await handler.line(containing: "drain of an earlier life goes on")
                let ended = await handler.line(containing: "drain ended: the node is empty")
                #expect(ended != nil)
            }
            #expect(stage.podNames.isEmpty)
        }
    }

    @Test func `a dry run writes nothing`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(3, time: .now, template: .web())) { stage in
            let version = stage.cluster.resourceVersion
            try await stage.handler(Self.quick + Self.marks + ["--dry-run", "--pod-events"]) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await handler.line(containing: "dry run: this is not done")
                _ = await handler.line(containing: "drain ended")
            }
            #expect(stage.cluster.resourceVersion == version)
            #expect(stage.podNames.count == 3)
            let writes = stage.cluster.requests.filter { request in
                !["get", "list", "watch"].contains(request.verb) && !request.resource.hasPrefix("selfsubject")
                    && request.resource != "pods/eviction"
            }
            #expect(writes.isEmpty, "\(writes.map { ($0.verb, $0.resource) })")
            #expect(!stage.cluster.removals.contains { !$0.isDryRun })
        }
    }

    @Test func `nothing happens when an idle handler is told to stop, and it ends at once`() async throws {
        try await Stage.play { stage in
            let version = stage.cluster.resourceVersion
            let outcome = try await stage.handler { handler in
                await stage.untilListening()
                let start = ContinuousClock().now
                handler.send(.terminate)
                await handler.untilEnded()
                #expect(ContinuousClock().now - start < .seconds(8))
            }
            #expect(outcome.end == .exited(0))
            #expect(stage.cluster.resourceVersion == version)
        }
    }
}
