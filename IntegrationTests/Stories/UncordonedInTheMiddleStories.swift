import Simulators
import Testing

/// A person makes the node schedulable again while it is emptied.
@Suite(.timeLimit(.minutes(10))) struct `Uncordoned in the middle` {
    /// Who uncordons, and how.
    enum Way: String, Sendable, CaseIterable {
        case kubectl
        case kubectlUnwatched = "kubectl, where nodes may not be watched"
        case ourCommand = "our own command"
    }

    /// How long a person waits for an answer.
    private static let soon = Duration.seconds(10)

    /// Plays a drain that a budget keeps in its middle; `then` plays on once the person has uncordoned the node.
    private func play(
        _ announce: @escaping @Sendable (Stage) -> Void, uncordoning way: Way = .kubectl,
        _ then: @escaping @Sendable (Stage, RunningProgram) async throws -> Void
    ) async throws {
        let cluster = ClusterPreset.crowded(2, time: .now, template: .web())
        cluster.addPod("kept", on: Stage.node, .web(labels: ["app": "kept"]))
        cluster.addBudget("kept", over: ["app": "kept"], maxUnavailable: 0)
        if way == .kubectlUnwatched { cluster.deny(AccessRule(["watch"], ["nodes"])) }
        try await Stage.play(cluster: cluster) { stage in
            stage.lab.metadata.update { $0.terminationTime = "never" }
            try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                announce(stage)
                #expect(await stage.comes(within: .seconds(15)) { $0.podNames == ["kept"] && $0.record != nil })
                #expect(await handler.says("pod's budget refuses") != nil)
                switch way {
                case .kubectl, .kubectlUnwatched: stage.personUncordons()
                case .ourCommand:
                    let (end, lines) = try await stage.command(["uncordon", Stage.node])
                    #expect(end == .exited(0), "\(lines)")
                }
                try await then(stage, handler)
            }
        }
    }

    @Test(arguments: Way.allCases)
    func `of maintenance, the drain ends there: who is out stays out, nobody else has to go`(way: Way) async throws {
        try await play({ $0.lab.metadata.noticeMaintenance("system-maintenance", in: .seconds(900)) }, uncordoning: way)
        { stage, handler in
            #expect(await handler.says("uncordoned by a person", within: Self.soon) != nil)
            #expect(await handler.says("given-up", within: Self.soon) != nil)
            #expect(await stage.comes(within: .seconds(5)) { $0.nodeEvents.contains { $0.contains("by a person") } })
            #expect(await stage.comes(within: .seconds(5)) { $0.slackTexts.contains { $0.contains("by a person") } })
            stage.cluster.remove(.podDisruptionBudgets, "kept", in: "default")
            stage.podArrives("new")
            #expect(await stage.stays(during: 50) { !$0.isCordoned && $0.podNames == ["kept", "new"] })
            #expect(stage.removals(of: "new").isEmpty)
        }
    }

    @Test func `of maintenance, the next life keeps to the person's word`() async throws {
        try await play({ $0.lab.metadata.noticeMaintenance("system-maintenance", in: .seconds(900)) }) {
            stage, handler in
            #expect(await handler.says("given-up", within: Self.soon) != nil)
            let texts = stage.slackTexts.count
            handler.send(.terminate)
            await handler.untilEnded()
            stage.cluster.remove(.podDisruptionBudgets, "kept", in: "default")
            try await stage.handler(Stage.quick) { _ in
                await stage.untilRead("maintenance/scheduled")
                #expect(await stage.stays { !$0.isCordoned && $0.podNames == ["kept"] })
                // The news of the earlier life may have been on its way.
                #expect(stage.slackTexts.count <= texts + 1)
            }
        }
    }

    @Test func `of a reclaim, the node is cordoned again and emptied, and the person is told why`() async throws {
        try await play({ $0.lab.metadata.noticeSpot(in: .seconds(120)) }) { stage, handler in
            #expect(await handler.says("uncordoned by a person", within: Self.soon) != nil)
            #expect(await stage.comes(within: Self.soon) { $0.isCordoned })
            #expect(await stage.comes(within: .seconds(5)) { $0.nodeEvents.contains { $0.contains("by a person") } })
            stage.cluster.remove(.podDisruptionBudgets, "kept", in: "default")
            #expect(await stage.comes(within: .seconds(15)) { $0.podNames.isEmpty })
            #expect(stage.isCordoned && stage.recordedNotices.contains(stage.noticeID("spot")))
        }
    }

    @Test func `of a scale-in, the node is cordoned again as well`() async throws {
        try await play({ $0.lab.scaleIn() }) { stage, handler in
            #expect(await handler.says("uncordoned by a person", within: Self.soon) != nil)
            #expect(await stage.comes(within: Self.soon) { $0.isCordoned })
        }
    }

    @Test func `of a reclaim, it is undone again and again as often as the person does it`() async throws {
        try await play({ $0.lab.metadata.noticeSpot(in: .seconds(120)) }) { stage, _ in
            #expect(await stage.comes(within: Self.soon) { $0.isCordoned })
            stage.personUncordons()
            #expect(await stage.comes(within: Self.soon) { $0.isCordoned })
            stage.cluster.remove(.podDisruptionBudgets, "kept", in: "default")
            #expect(await stage.comes(within: .seconds(15)) { $0.podNames.isEmpty })
        }
    }

    @Test func `of maintenance, a reclaim that follows empties the node all the same`() async throws {
        try await play({ $0.lab.metadata.noticeMaintenance("system-maintenance", in: .seconds(900)) }) {
            stage, handler in
            #expect(await handler.says("given-up", within: Self.soon) != nil)
            stage.lab.metadata.noticeSpot(in: .seconds(120))
            #expect(await stage.comes(within: Self.soon) { $0.isCordoned })
            stage.cluster.remove(.podDisruptionBudgets, "kept", in: "default")
            #expect(await stage.comes(within: .seconds(15)) { $0.podNames.isEmpty })
        }
    }

    @Test func `it costs no request to the API server once nothing is drained any more`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(2, time: .now, template: .web())) { stage in
            try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                #expect(await handler.says("drain ended: the node is empty") != nil)
                _ = await stage.slackTexts(atLeast: 2)
                stage.withdrawSpot()
                #expect(await handler.says("node given back") != nil)
                #expect(await stage.comes(within: .seconds(60)) { $0.cluster.openWatches == 0 })
                let count = stage.lab.kubernetesLog.count
                await stage.untilAsked(30)
                #expect(stage.lab.kubernetesLog.count == count)
            }
        }
    }
}
