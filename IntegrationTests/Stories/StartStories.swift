import Simulators
import Testing

/// The start with wrong settings, and with nobody there yet, by the real binary.
@Suite(.timeLimit(.minutes(10))) struct `The start` {
    private static let wrongVariables = [
        "POLL_INTERVAL": "soon", "METADATA_TOKENS": "maybe", "STRATEGY": "evacuate", "MARGIN": "-5s",
        "GRACE_PERIOD": "forever", "LOG_LEVEL": "loud", "LOG_FORMAT": "xml", "METRICS_ADDRESS": "everywhere",
        "TAINT_EFFECT": "Maybe", "IN_FLIGHT": "0", "STRATEGY_FOR": "reclaim=pray", "NOTICES": "spot,gossip",
        "MAINTENANCE_LEAD": "instance-reboot=later", "REBALANCE_EXPIRY": "-1h", "DRY_RUN": "perhaps",
        "METADATA_ENDPOINT": "169.254.169.254", "PROVIDER": "abacus", "SLACK_URL": "hooks.slack.com",
        "SMTP_URL": "mail.example.org", "KUBECONFIG": "/nowhere/kubeconfig", "SSL_CERT_FILE": "/nowhere/ca.pem",
    ]

    @Test func `names every wrong variable in a line of its own, with status 78`() async throws {
        try await Stage.play { stage in
            let outcome = try await stage.handler([], Self.wrongVariables) { await $0.untilEnded() }
            #expect(outcome.end == .exited(78))
            let program = "interruption-handler: "
            for (name, value) in Self.wrongVariables where name != "KUBECONFIG" {
                let about = outcome.lines.filter {
                    $0.hasPrefix(program + name + ":") || $0.hasPrefix(program + name + " ")
                }
                #expect(about.count == 1, "\(name)=\(value): \(about)")
            }
            #expect(outcome.lines.contains { $0.contains("/nowhere/kubeconfig") }, "\(outcome.lines)")
            #expect(outcome.lines.last?.contains("nothing was started") == true)
            #expect(stage.lab.metadata.log.count == 0 && stage.requestCount == 0)
        }
    }

    @Test func `is refused with status 64 when a flag is among what is wrong`() async throws {
        try await Stage.play { stage in
            let flags = ["--poll-interval", "1ms", "--margin", "11m", "--strategy-for", "reclaim"]
            let outcome = try await stage.handler(flags, ["LOG_LEVEL": "loud"]) { await $0.untilEnded() }
            #expect(outcome.end == .exited(64))
            for name in ["--poll-interval: '1ms'", "--margin: '11m'", "--strategy-for: 'reclaim'", "LOG_LEVEL: 'loud'"]
            {
                #expect(outcome.lines.count { $0.contains(name) && $0.contains("accepted: ") } == 1, "\(outcome.lines)")
            }
            let unknown = try await stage.handler(["--pol-interval", "1s"]) { await $0.untilEnded() }
            #expect(unknown.end == .exited(64))
            let nameless = try await stage.handler([], without: ["NODE_NAME"]) { await $0.untilEnded() }
            #expect(nameless.end == .exited(78))
            #expect(nameless.lines.contains { $0.contains("NODE_NAME") && $0.contains("POD_NAME") })
        }
    }

    @Test func `waits for an API server that is not there yet`() async throws {
        try await Stage.play { stage in
            let server = try #require(stage.lab.servers[.kubernetes])
            await server.goAway()
            let outcome = try await stage.handler(Stage.quick) { handler in
                let line = await handler.line(containing: "record on the Node cannot be read")
                #expect(line?.contains("warning") == true)
                await stage.untilListening()
                try await server.comeBack()
                await stage.playSpotNotice()
                handler.send(.terminate)
                await handler.untilEnded()
            }
            #expect(outcome.end == .exited(0))
            #expect(stage.podNames.isEmpty)
        }
    }

    @Test func `keeps a notice that comes before the API server does`() async throws {
        try await Stage.play { stage in
            let server = try #require(stage.lab.servers[.kubernetes])
            await server.goAway()
            try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await handler.line(containing: "notice seen")
                try await server.comeBack()
                _ = await stage.slackTexts(atLeast: 2)
            }
            #expect(stage.isCordoned)
            #expect(stage.podNames.isEmpty)
        }
    }

    @Test func `learns the node's name from the pod, as soon as somebody tells`() async throws {
        let cluster = ClusterPreset.crowded(3, time: .now)
        cluster.addPod("handler-x", in: "kube-system", on: Stage.node)
        try await Stage.play(cluster: cluster) { stage in
            let server = try #require(stage.lab.servers[.kubernetes])
            await server.goAway()
            let own = ["POD_NAME": "handler-x", "NAMESPACE": "kube-system"]
            try await stage.handler(Stage.quick, own, without: ["NODE_NAME"]) { handler in
                _ = await handler.line(containing: "our own pod cannot be read")
                try await server.comeBack()
                await stage.untilListening()
                await stage.playSpotNotice()
            }
            #expect(stage.isCordoned)
            #expect(stage.podNames == ["handler-x"])
        }
    }

    @Test func `waits for a metadata service that is not there yet`() async throws {
        try await Stage.play { stage in
            let server = try #require(stage.lab.servers[.metadata])
            await server.goAway()
            let outcome = try await stage.handler(Stage.quick) { handler in
                let line = await handler.line(containing: "metadata source does not answer as it should")
                #expect(line?.contains("warning") == true && line?.contains("cannot be reached") == true)
                try await server.comeBack()
                _ = await handler.line(containing: "metadata source answers again")
                await stage.playSpotNotice()
                handler.send(.terminate)
                await handler.untilEnded()
            }
            #expect(outcome.end == .exited(0))
            #expect(stage.podNames.isEmpty)
        }
    }
}
