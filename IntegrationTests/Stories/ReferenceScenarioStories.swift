import Simulators
import Testing

/// The scenarios of the reference system's end-to-end tests that run from instance metadata, by the real binary.
@Suite(.timeLimit(.minutes(10))) struct `A scenario of the reference system` {
    private static let flags =
        Stage.quick + ["--taint", "--taint-keys", "aws-node-termination-handler", "--metadata-tokens", "optional"]

    @Test(arguments: [MetadataAccess.v1Only, .v2Only])
    func `spot: cordoned, tainted and empty`(access: MetadataAccess) async throws {
        try await Stage.play(changing: { $0.access = access }) { stage in
            try await stage.handler(Self.flags) { _ in
                await stage.untilListening()
                await stage.playSpotNotice()
                await stage.untilTainted("aws-node-termination-handler/spot-itn")
            }
            #expect(stage.isCordoned)
            #expect(stage.podNames.isEmpty)
        }
    }

    @Test func `maintenance that is canceled: everything taken back`() async throws {
        try await Stage.play { stage in
            let outcome = try await stage.handler(Self.flags) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeMaintenance("system-maintenance", in: .seconds(600))
                _ = await stage.slackTexts(atLeast: 2)
                #expect(stage.isCordoned)
                await stage.untilTainted("aws-node-termination-handler/scheduled-maintenance")
                #expect(stage.podNames.isEmpty)
                stage.lab.metadata.noticeMaintenance("system-maintenance", in: .seconds(600), state: "canceled")
                _ = await handler.line(containing: "node given back")
                _ = await stage.slackTexts(atLeast: 3)
            }
            #expect(outcome.lines.contains { $0.contains("notice taken back") })
            #expect(!stage.isCordoned)
            #expect(stage.taintKeys.isEmpty)
            #expect(stage.record == nil)
        }
    }

    @Test func `maintenance that reboots: given back by the next life`() async throws {
        try await Stage.play { stage in
            let first = try await stage.handler(Self.flags) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeMaintenance("instance-reboot", in: .seconds(600))
                _ = await stage.slackTexts(atLeast: 2)
                await stage.untilTainted("aws-node-termination-handler/scheduled-maintenance")
                handler.send(.terminate)
                await handler.untilEnded()
            }
            #expect(first.end == .exited(0))
            #expect(stage.isCordoned)
            #expect(stage.taintKeys == ["aws-node-termination-handler/scheduled-maintenance"])
            #expect(stage.podNames.isEmpty)
            #expect(stage.record != nil)

            // The same node without a new boot id is not given back: the notice stands.
            try await stage.handler(Self.flags) { _ in
                await stage.untilListening()
                await stage.untilAsked(30)
            }
            #expect(stage.isCordoned)

            stage.cluster.change(.nodes, Stage.node) { node in
                node.update("status") { status in
                    status.update("nodeInfo") { $0["bootID"] = "6f1b9a7c-0000-4000-8000-000000000002" }
                }
            }
            stage.lab.metadata.update { $0.withdrawAll() }
            try await stage.handler(Self.flags) { handler in
                let line = await handler.line(containing: "node given back")
                #expect(line?.contains("started anew") == true)
            }
            #expect(!stage.isCordoned)
            #expect(stage.taintKeys.isEmpty)
            #expect(stage.record == nil)
        }
    }

    @Test func `rebalance, then spot: cordoned first, empty then`() async throws {
        try await Stage.play { stage in
            try await stage.handler(Self.flags) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeRebalance()
                _ = await stage.slackTexts(atLeast: 2)
                #expect(stage.isCordoned)
                await stage.untilTainted("aws-node-termination-handler/rebalance-recommendation")
                #expect(stage.podNames.count == 3)
                #expect(stage.cluster.removals.isEmpty)
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await handler.line(containing: "drain ended: the node is empty")
                _ = await stage.slackTexts(atLeast: 4)
                await stage.until { $0.taintKeys.contains("aws-node-termination-handler/spot-itn") }
            }
            #expect(stage.podNames.isEmpty)
        }
    }

    @Test func `Auto Scaling lifecycle: the hook is held, and completed when the node is empty`() async throws {
        var template = PodTemplate(labels: ["app": "web"])
        template.behaviour = PodBehaviour(stop: .after(.seconds(8)))
        let cluster = ClusterPreset.crowded(3, time: .now, template: template)
        try await Stage.play(cluster: cluster, changing: { $0.groups[0].hooks[0].heartbeatTimeout = .seconds(12) }) {
            stage in
            try await stage.handler(Self.flags + ["--margin", "1s"]) { handler in
                await stage.untilListening()
                stage.lab.scaleIn()
                _ = await handler.line(containing: "cloud told to go on")
                _ = await stage.slackTexts(atLeast: 2)
            }
            #expect(stage.isCordoned)
            #expect(stage.podNames.isEmpty)
            let instance = stage.lab.aws.autoScaling.instance(stage.lab.configuration.instance.id)?.instance
            let ended = instance?.ended.first
            #expect(ended?.result == "CONTINUE")
            #expect(ended?.timedOut == false)
            #expect((ended?.heartbeats ?? 0) >= 2)
            #expect(instance?.lifecycleState == "Terminating:Proceed")
            let actions = stage.lab.aws.calls.map(\.action)
            #expect(actions.last == "CompleteLifecycleAction")
            #expect(actions.count { $0 == "CompleteLifecycleAction" } == 1)
            #expect(!actions.contains("DetachInstances"))
            let completion = try #require(stage.lab.aws.calls.last)
            #expect(completion["LifecycleActionResult"] == "CONTINUE")
            #expect(completion.securityToken != nil)
        }
    }
}

extension Stage {
    /// The keys of the Node's taints, but for the one that marks a cordon.
    var taintKeys: [String] {
        (node?["spec", "taints"]?.array ?? []).compactMap { $0["key"]?.string }
            .filter { $0 != "node.kubernetes.io/unschedulable" }
    }
}
