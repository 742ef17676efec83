import Simulators
import Testing

/// Whose cordon it is: what a person did stays done, and what we did is undone by us.
@Suite(.timeLimit(.minutes(10))) struct `Whose cordon` {
    private static let adviceOnly = Stage.quick + ["--strategy-for", "maintenance=cordon-only"]

    /// A node with a pod that leaves, and one that its budget keeps.
    private func clusterWithBudget() -> KubernetesCluster {
        let cluster = ClusterPreset.crowded(1, time: .now, template: .web())
        cluster.addPod("kept", on: Stage.node, .web(labels: ["app": "kept"]))
        cluster.addBudget("kept", over: ["app": "kept"], maxUnavailable: 0)
        return cluster
    }

    /// A person's drain of a node, from its beginning to its end.
    private func personDrains(_ stage: Stage) async throws {
        let result = try await stage.drain()
        #expect(result.ending == "empty")
        #expect(stage.isCordoned && stage.recordedNotices.contains("operator-request"))
    }

    @Test(arguments: [true, false])
    func `a person's drain outlasts advice that comes and goes`(isAdviceFirst: Bool) async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(2, time: .now, template: .web())) { stage in
            if !isAdviceFirst { try await personDrains(stage) }
            try await stage.handler(Self.adviceOnly) { handler in
                stage.lab.metadata.noticeMaintenance("system-maintenance", in: .seconds(900))
                #expect(await handler.says("drain ended: the node is cordoned") != nil)
                if isAdviceFirst { try await personDrains(stage) }
                stage.cancelMaintenance()
                #expect(await handler.says("notice taken back") != nil)
                #expect(await stage.stays { $0.isCordoned && $0.recordedNotices.contains("operator-request") })
            }
            let (end, _) = try await stage.command(["uncordon", Stage.node])
            #expect(end == .exited(0))
            #expect(!stage.isCordoned && stage.record == nil)
        }
    }

    @Test func `a person's drain outlasts a reboot, and ends by that person's word`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(2, time: .now, template: .web())) { stage in
            try await personDrains(stage)
            stage.reboots()
            try await stage.handler(Stage.quick) { _ in
                await stage.untilListening()
                #expect(await stage.stays { $0.isCordoned && $0.recordedNotices.contains("operator-request") })
            }
            let (end, _) = try await stage.command(["uncordon", Stage.node])
            #expect(end == .exited(0))
            #expect(!stage.isCordoned && stage.record == nil)
        }
    }

    @Test func `a person's drain that runs goes on in a cordoned node when the advice goes`() async throws {
        let cluster = clusterWithBudget()
        try await Stage.play(cluster: cluster) { stage in
            try await stage.handler(Self.adviceOnly) { handler in
                stage.lab.metadata.noticeMaintenance("system-maintenance", in: .seconds(900))
                #expect(await handler.says("drain ended: the node is cordoned") != nil)
                let result = try await stage.drain(["--no-escalate"], within: "60s") { _ in
                    await stage.untilEvictions(3)
                    stage.cancelMaintenance()
                    _ = await handler.says("notice taken back")
                    #expect(await stage.stays { $0.isCordoned })
                    cluster.remove(.podDisruptionBudgets, "kept", in: "default")
                }
                #expect(result.ending == "empty")
                #expect(await stage.stays(during: 10) { $0.isCordoned })
            }
            #expect(stage.recordedNotices == ["operator-request"])
        }
    }

    @Test func `a person's drain and the handler write the record without losing what the other wrote`() async throws {
        let cluster = clusterWithBudget()
        try await Stage.play(cluster: cluster) { stage in
            try await stage.handler(Self.adviceOnly) { handler in
                await stage.untilListening()
                let result = try await stage.drain(["--no-escalate"], within: "60s") { _ in
                    await stage.untilEvictions(3)
                    stage.lab.metadata.noticeMaintenance("system-maintenance", in: .seconds(900))
                    _ = await handler.says("drain ended: the node is cordoned")
                    cluster.remove(.podDisruptionBudgets, "kept", in: "default")
                }
                #expect(result.ending == "empty")
            }
            #expect(stage.recordedNotices == ["operator-request", Stage.maintenance])
        }
    }

    @Test func `a person's drain that a person undid does not come back with the next notice`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(2, time: .now, template: .web())) { stage in
            stage.lab.metadata.update { $0.terminationTime = "never" }
            try await personDrains(stage)
            try await stage.handler(Self.adviceOnly) { handler in
                stage.lab.metadata.noticeMaintenance("system-maintenance", in: .seconds(900))
                #expect(await stage.comes(within: .seconds(15)) { $0.recordedNotices.count == 2 })
                let (end, _) = try await stage.command(["uncordon", Stage.node])
                #expect(end == .exited(0))
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                #expect(await stage.comes(within: .seconds(10)) { $0.recordedNotices.contains($0.noticeID("spot")) })
                #expect(!stage.recordedNotices.contains("operator-request"))
                stage.cancelMaintenance()
                stage.withdrawSpot()
                #expect(await stage.comes(within: .seconds(20)) { !$0.isCordoned && $0.record == nil })
            }
        }
    }

    @Test func `a cordon that a person put in the place of ours stays when the notice is withdrawn`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(2, time: .now, template: .web())) { stage in
            try await stage.handler(Stage.quick) { handler in
                stage.lab.metadata.noticeMaintenance("system-maintenance", in: .seconds(900))
                #expect(await handler.says("drain ended: the node is empty") != nil)
                stage.personUncordons()
                await stage.untilAsked(30)
                stage.personCordons()
                await stage.untilAsked(10)
                stage.cancelMaintenance()
                #expect(await handler.says("notice taken back") != nil)
                #expect(await stage.stays { $0.isCordoned })
            }
        }
    }

    @Test func `a cordon is undone although its record could not be written at the first try`() async throws {
        let cluster = clusterWithBudget()
        try await Stage.play(cluster: cluster) { stage in
            stage.lab.metadata.update { $0.terminationTime = "never" }
            try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                // The node is cordoned unseen, and the record that should follow is refused once.
                cluster.inject(ClusterFault(.delay(.seconds(2)), verb: "get", resource: "nodes", times: 1))
                cluster.inject(ClusterFault(.unavailable, verb: "patch", resource: "nodes", skipping: 1, times: 1))
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                #expect(await handler.says("pod's budget refuses") != nil)
                #expect(await stage.comes(within: .seconds(10)) { $0.isCordoned && $0.record != nil })
                stage.withdrawSpot()
                #expect(await handler.says("node given back") != nil)
            }
            #expect(!stage.isCordoned && stage.record == nil)
        }
    }

    @Test func `a cordon is undone although somebody took our record off the Node`() async throws {
        let cluster = clusterWithBudget()
        try await Stage.play(cluster: cluster) { stage in
            stage.lab.metadata.update { $0.terminationTime = "never" }
            try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                #expect(await handler.says("pod's budget refuses") != nil)
                #expect(await stage.comes(within: .seconds(10)) { $0.isCordoned && $0.record != nil })
                cluster.change(.nodes, Stage.node) { node in
                    node.update("metadata") { metadata in
                        metadata.update("annotations") { $0["interruption-handler.io/record"] = nil }
                    }
                }
                stage.withdrawSpot()
                #expect(await handler.says("node given back") != nil)
                #expect(await stage.comes(within: .seconds(5)) { !$0.isCordoned })
            }
        }
    }

    @Test func `one of two notices is withdrawn: people read that the other keeps the node`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(2, time: .now, template: .web())) { stage in
            let withdrawn: @Sendable (Stage) -> [String] = { stage in
                stage.slackTexts.filter { $0.lowercased().contains("withdrawn") && $0.contains(Stage.maintenance) }
            }
            try await stage.handler(Stage.quick) { handler in
                stage.lab.metadata.noticeMaintenance("system-maintenance", in: .seconds(900))
                #expect(await handler.says("drain ended: the node is empty") != nil)
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                #expect(await handler.says("notice seen", stage.noticeID("spot")) != nil)
                #expect(await stage.comes(within: .seconds(10)) { $0.recordedNotices.contains($0.noticeID("spot")) })
                stage.cancelMaintenance()
                #expect(await stage.comes(within: .seconds(15)) { !withdrawn($0).isEmpty })
                #expect(await stage.comes(within: .seconds(5)) { $0.recordedNotices == [$0.noticeID("spot")] })
            }
            let words = withdrawn(stage)
            #expect(words.count == 1)
            #expect(words.allSatisfy { !$0.contains("given back") && $0.contains("stays out of service") }, "\(words)")
            try await stage.handler(Stage.quick) { _ in
                await stage.untilListening()
                #expect(await stage.stays { $0.isCordoned && withdrawn($0).count == 1 })
            }
        }
    }
}
