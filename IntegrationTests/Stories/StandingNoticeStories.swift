import Simulators
import Testing

/// A notice that stands is served, in whatever order things come.
@Suite(.timeLimit(.minutes(10))) struct `A notice that stands` {
    /// A life of the handler that cordons the node for advice, and ends without a word.
    private func cordonForAdvice(_ stage: Stage) async throws {
        stage.lab.metadata.noticeRebalance()
        try await stage.handler(Stage.quick) { handler in
            let ended = await handler.says("drain ended: the node is cordoned")
            #expect(ended != nil)
            #expect(await stage.comes(within: .seconds(10)) { $0.record?["notices"]?.array?.isEmpty == false })
        }
    }

    @Test func `is served at once by a node that is not Ready after a reboot, and that is never schedulable between`()
        async throws
    {
        try await Stage.play(cluster: ClusterPreset.crowded(3, time: .now, template: .web())) { stage in
            try await cordonForAdvice(stage)
            stage.reboots(isReady: false)
            let version = stage.cluster.resourceVersion
            try await stage.handler(Stage.quick) { handler in
                await stage.untilRead("recommendations/rebalance")
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                #expect(await stage.comes(within: Stage.atOnce) { !$0.cluster.removals.isEmpty })
                stage.cluster.setReady(true, node: Stage.node)
                #expect(await stage.comes(within: .seconds(10)) { $0.podNames.isEmpty })
            }
            #expect(!stage.wasSchedulable(since: version))
            #expect(stage.recordedNotices.contains(stage.noticeID("spot")))
        }
    }

    @Test func `is served though advice came before it while the node was given back`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(3, time: .now, template: .web())) { stage in
            try await cordonForAdvice(stage)
            stage.reboots(isReady: false)
            try await stage.handler(Stage.quick) { handler in
                await stage.untilRead("recommendations/rebalance")
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                await stage.untilRead("spot/instance-action")
                stage.cluster.setReady(true, node: Stage.node)
                #expect(await stage.comes(within: .seconds(30)) { $0.podNames.isEmpty })
                _ = await handler.says("drain ended: the node is empty")
            }
            #expect(stage.isCordoned)
        }
    }

    @Test func `is served though nothing may be written on the Node and a stale record is there`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(3, time: .now, template: .web())) { stage in
            try await cordonForAdvice(stage)
            stage.reboots()
            stage.lab.metadata.update { $0.rebalance = nil }
            let denial = ClusterFault.Effect.webhookDenial("nodes.example", code: 403, message: "nobody touches nodes")
            stage.cluster.inject(ClusterFault(denial, verb: "patch", resource: "nodes"))
            try await stage.handler(Stage.quick) { _ in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(60))
                #expect(await stage.comes(within: .seconds(15)) { $0.podNames.isEmpty })
            }
        }
    }

    @Test func `is served as the strongest of those that came while the node was given back`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(1, time: .now, template: .web())) { stage in
            let cluster = stage.cluster
            try await stage.handler(Stage.quick) { handler in
                stage.lab.metadata.noticeMaintenance("system-maintenance", in: .seconds(600))
                #expect(await handler.says("drain ended: the node is empty") != nil)
                cluster.setReady(false, node: Stage.node)
                stage.cancelMaintenance()
                #expect(await handler.says("notice taken back", Stage.maintenance) != nil)
                let version = cluster.resourceVersion
                stage.podArrives("late")
                stage.lab.metadata.noticeRebalance()
                #expect(await handler.says("notice seen", stage.noticeID("rebalance")) != nil)
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                #expect(await stage.comes(within: Stage.atOnce) { !$0.removals(of: "late").isEmpty })
                cluster.setReady(true, node: Stage.node)
                #expect(await stage.comes(within: .seconds(20)) { $0.podNames.isEmpty })
                #expect(!stage.wasSchedulable(since: version))
            }
        }
    }

    @Test func `is served when it comes again while the node is given back`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(1, time: .now, template: .web())) { stage in
            stage.lab.metadata.update { $0.terminationTime = "never" }
            try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                #expect(await handler.says("drain ended: the node is empty") != nil)
                stage.cluster.setReady(false, node: Stage.node)
                let version = stage.cluster.resourceVersion
                stage.withdrawSpot()
                #expect(await handler.says("node not given back yet") != nil)
                stage.podArrives("late")
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                #expect(await stage.comes(within: Stage.atOnce) { !$0.removals(of: "late").isEmpty })
                #expect(stage.isCordoned && stage.record != nil)
                #expect(!stage.wasSchedulable(since: version))
            }
        }
    }

    @Test func `is served within its own deadline, and not within one that passed and came to nothing`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(1, time: .now, template: .web())) { stage in
            let end = ContinuousClock().now + .seconds(12)
            stage.lab.metadata.noticeMaintenance("system-maintenance", in: .seconds(12))
            try await stage.handler(Stage.quick + ["--margin", "1s"]) { handler in
                #expect(await handler.says("drain ended: the node is empty") != nil)
                #expect(await stage.comes(within: .seconds(20)) { _ in ContinuousClock().now > end })
                for index in 1...3 { stage.podArrives("later-\(index)") }
                stage.lab.metadata.noticeSpot(in: .seconds(119))
                #expect(await stage.comes(within: .seconds(10)) { $0.podNames.isEmpty })
            }
            let late = stage.cluster.removals.filter { $0.pod.name.hasPrefix("later-") }
            #expect(!late.isEmpty)
            // The pods' own grace, which the two minutes leave room for.
            #expect(late.allSatisfy { $0.grace ?? 30 == 30 }, "\(late.map(\.grace))")
        }
    }

    @Test func `is served by a drain that is begun again when the API server was away to the end`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(3, time: .now, template: .web())) { stage in
            stage.lab.metadata.update { $0.terminationTime = "never" }
            try await stage.handler(Stage.quick + ["--margin", "1s"]) { handler in
                await stage.untilListening()
                await stage.lab.servers[.kubernetes]?.goAway()
                stage.lab.metadata.noticeSpot(in: .seconds(8))
                #expect(await handler.says("drain ended: it could not be done") != nil)
                try await stage.lab.servers[.kubernetes]?.comeBack()
                #expect(await stage.comes(within: .seconds(40)) { $0.isCordoned && $0.podNames.isEmpty })
            }
            #expect(stage.slackTexts.count { $0.contains("is about to be reclaimed") } == 1)
        }
    }

    @Test func `is served by a drain that is begun again when a budget kept the pods to the end`() async throws {
        let cluster = ClusterPreset.crowded(2, time: .now, template: .web())
        cluster.addBudget("web", over: ["app": "web"], maxUnavailable: 0)
        try await Stage.play(cluster: cluster) { stage in
            stage.lab.metadata.update { $0.terminationTime = "never" }
            try await stage.handler(Stage.quick + ["--margin", "1s", "--no-escalate"]) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(6))
                #expect(await handler.says("drain ended: the deadline came first") != nil)
                cluster.remove(.podDisruptionBudgets, "web", in: "default")
                #expect(await stage.comes(within: .seconds(40)) { $0.podNames.isEmpty })
            }
            #expect(stage.isCordoned)
        }
    }

    @Test func `is served though it came while another one's drain wrote down how it ended`() async throws {
        let cluster = ClusterPreset.crowded(2, time: .now, template: .web())
        cluster.addBudget("web", over: ["app": "web"], maxUnavailable: 0)
        try await Stage.play(cluster: cluster) { stage in
            stage.lab.metadata.noticeMaintenance("system-maintenance", in: .seconds(12))
            try await stage.handler(Stage.quick + ["--margin", "1s", "--no-escalate"]) { handler in
                #expect(await handler.says("pod's budget refuses") != nil)
                #expect(await stage.comes(within: .seconds(5)) { $0.record != nil })
                cluster.inject(ClusterFault(.delay(.milliseconds(900)), verb: "patch", resource: "nodes"))
                let isWritten = await answer(within: .seconds(20)) { () -> Bool? in
                    await stage.untilAsked { request in
                        request.method == "PATCH"
                            && String(decoding: request.body, as: UTF8.self).contains("deadline-reached")
                    }
                    return true
                }
                #expect(isWritten == true)
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                #expect(await handler.says("notice seen", stage.noticeID("spot"), within: .seconds(5)) != nil)
                let version = cluster.resourceVersion
                cluster.clearFaults()
                cluster.remove(.podDisruptionBudgets, "web", in: "default")
                #expect(await stage.comes(within: .seconds(20)) { $0.podNames.isEmpty })
                #expect(!stage.wasSchedulable(since: version))
            }
        }
    }
}
