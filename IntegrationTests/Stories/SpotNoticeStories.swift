import Simulators
import Testing

/// The main path, by the real binary: a spot notice empties the node.
@Suite struct `A spot notice` {
    @Test func `with the older handlers' environment alone does the job of both`() async throws {
        try await Stage.play { stage in
            let environment = [
                "POLL_INTERVAL": "1", "CLUSTER": "blue", "DETACH_ASG": "true", "AWS_ACCESS_KEY_ID": "",
                "MATTERMOST_WEBHOOK": "", "SEMATEXT_URL": "", "METRICS_ADDRESS": "127.0.0.1:0", "LOG_FORMAT": "",
            ]
            let outcome = try await stage.handler([], environment) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                let texts = await stage.slackTexts(atLeast: 2)
                #expect(texts[0].contains("node-a") && texts[0].contains("blue") && texts[0].contains("spot terminate"))
                #expect(texts[1].contains("empty"))
                _ = await handler.line(containing: "detached from its group")
                handler.send(.terminate)
                await handler.untilEnded()
            }
            #expect(outcome.end == .exited(0))
            #expect(stage.isCordoned)
            #expect(stage.podNames.isEmpty)
            let detached = stage.lab.aws.calls.filter { $0.action == "DetachInstances" }
            #expect(detached.count == 1)
        }
    }

    @Test func `costs at most N + 9 requests, and idling none`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(40, time: .now)) { stage in
            try await stage.handler { handler in
                await stage.untilListening()
                _ = await handler.line(containing: "checks at start are done")
                let started = stage.lab.metadata.log.count
                _ = await stage.lab.metadata.log.entries(atLeast: started + 5)
                let atRest = stage.requestCount
                _ = await stage.lab.metadata.log.entries(atLeast: started + 20)
                #expect(stage.requestCount == atRest)  // what is asked at start is over
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await stage.slackTexts(atLeast: 2)
                #expect(stage.podNames.isEmpty)
                // The last one looks out for pods that come late.
                await stage.untilAsked(2) { $0.path.hasSuffix("/pods") && $0.queryValue("watch") == "true" }
                #expect(stage.requestCount - atRest <= 40 + 9, "\(stage.cluster.counts)")
                let polls = stage.lab.metadata.log.count
                let before = stage.cluster.counts
                _ = await stage.lab.metadata.log.entries(atLeast: polls + 10)
                // Whether the connection still lives, with watches open on it, is asked now and then.
                let more = stage.cluster.counts.filter { before[$0.key] != $0.value }.keys
                #expect(more.allSatisfy { $0.resource == "/livez" }, "\(more)")
            }
        }
    }

    @Test(arguments: ["evict", "delete", "cordon-only"])
    func `is answered by the strategy that was chosen`(strategy: String) async throws {
        try await Stage.play { stage in
            try await stage.handler(["--strategy", strategy]) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await stage.slackTexts(atLeast: 2)
            }
            #expect(stage.isCordoned)
            #expect(stage.podNames.count == (strategy == "cordon-only" ? 3 : 0))
            #expect(stage.cluster.count("create", "pods/eviction") == (strategy == "evict" ? 3 : 0))
            #expect(stage.cluster.count("delete", "pods") == (strategy == "delete" ? 3 : 0))
        }
    }

    @Test func `waits for a budget that refuses, and gets the pod out when it allows`() async throws {
        var template = PodTemplate(labels: ["app": "web"])
        template.behaviour = PodBehaviour(stop: .after(.milliseconds(200)), readyAfter: .milliseconds(100))
        let cluster = ClusterPreset.crowded(3, time: .now, template: template, replaces: true)
        cluster.addBudget("web", in: "default", over: ["app": "web"], maxUnavailable: 1)
        try await Stage.play(cluster: cluster) { stage in
            try await stage.handler { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                let texts = await stage.slackTexts(atLeast: 2)
                #expect(texts.last?.contains("empty") == true)
            }
            let removals = stage.cluster.removals
            #expect(removals.contains { $0.status == 429 })
            #expect(removals.allSatisfy { $0.way == .eviction })
            #expect(stage.podNames.isEmpty)
        }
    }

    @Test func `is drained on after a kill in the middle, and nothing is told twice`() async throws {
        var template = PodTemplate(labels: ["app": "web"])
        template.behaviour = PodBehaviour(stop: .after(.seconds(3)))
        let cluster = ClusterPreset.crowded(12, time: .now, template: template)
        try await Stage.play(cluster: cluster) { stage in
            let first = try await stage.handler { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await stage.slackTexts(atLeast: 1)
                _ = await handler.line(containing: "node cordoned")
                handler.send(.kill)
                await handler.untilEnded()
            }
            #expect(first.end == .signalled(9))
            try await stage.handler { handler in
                _ = await handler.line(containing: "drain of an earlier life goes on")
                _ = await handler.line(containing: "drain ended")
                _ = await stage.slackTexts(atLeast: 2)
            }
            #expect(stage.podNames.isEmpty)
            #expect(stage.slackTexts.count == 2)
            #expect(stage.slackTexts.last?.contains("empty") == true)
        }
    }
}
