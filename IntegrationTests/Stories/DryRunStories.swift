import Simulators
import Testing

/// One kind of notice, given to a dry run.
struct RehearsedNotice: Sendable, CustomTestStringConvertible {
    /// What is announced, for people.
    let name: String
    /// Flags with which it leads to a drain.
    var flags: [String] = []
    /// Announces it.
    let give: @Sendable (Stage) -> Void

    var testDescription: String { name }

    /// All that there are.
    static let all = [
        RehearsedNotice(name: "spot") { $0.lab.metadata.noticeSpot(in: .seconds(120)) },
        RehearsedNotice(name: "rebalance", flags: ["--strategy-for", "rebalance=evict"]) {
            $0.lab.metadata.noticeRebalance()
        },
        RehearsedNotice(name: "reboot") { $0.lab.metadata.noticeMaintenance("system-reboot", in: .seconds(600)) },
        RehearsedNotice(name: "retirement") {
            $0.lab.metadata.noticeMaintenance("instance-retirement", in: .seconds(600))
        },
        RehearsedNotice(name: "scale-in") { $0.lab.scaleIn() },
    ]
}

/// `--dry-run` over everything that a notice leads to, by the real binary.
@Suite(.timeLimit(.minutes(10))) struct `A dry run` {
    private static let everything =
        Stage.quick + [
            "--dry-run", "--detach-asg", "--taint", "--node-conditions", "--pod-events",
            "--exclude-from-load-balancers",
        ]

    @Test(arguments: RehearsedNotice.all)
    func `changes nothing anywhere, and says everywhere that it is one`(notice: RehearsedNotice) async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(3, time: .now, template: .web(grace: 1))) { stage in
            let version = stage.cluster.resourceVersion
            let outcome = try await stage.handler(Self.everything + notice.flags, Self.channels(on: stage)) { handler in
                await stage.untilListening()
                notice.give(stage)
                _ = await handler.line(containing: "drain ended")
                _ = await stage.slackTexts(atLeast: 2)
                _ = await handler.line { $0.contains("notification delivered") && $0.contains("webhook") }
            }
            #expect(stage.cluster.resourceVersion == version)
            #expect(stage.podNames.count == 3)
            let actions = Set(stage.lab.aws.calls.map(\.action))
            #expect(actions.allSatisfy { $0.hasPrefix("Describe") || $0.hasPrefix("AssumeRole") }, "\(actions)")
            #expect(stage.slackTexts.allSatisfy { $0.contains("DRY RUN") }, "\(stage.slackTexts)")
            for message in stage.lab.webhooks.log.entries {
                #expect(message.bodyText.lowercased().contains("dry run"), "\(message.bodyText)")
            }
            #expect(stage.lab.webhooks.received(at: "/pagerduty").isEmpty)
            let told = outcome.lines.filter { line in
                ["notice seen", "node cordoned", "drain ended", "pod left"].contains { line.contains($0) }
            }
            #expect(told.count >= 6)
            #expect(told.allSatisfy { $0.contains("dry run: ") }, "\(told)")
        }
    }

    @Test func `lasts as long as the pods may take, and finds them all again at the next notice`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(3, time: .now, template: .web(grace: 3))) { stage in
            try await stage.handler(Stage.quick + ["--dry-run"]) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                let first = try Self.ending(in: await handler.line(containing: "drain ended"))
                #expect((first["seconds.to_empty"]?.text).flatMap(Double.init) ?? 0 >= 3)
                #expect(first["pods.evicted"]?.integer == 3)
                let port = try await Stage.statusPort(of: handler)
                let metrics = try await Stage.page("/metrics", at: port, untilStatus: 200)?.text ?? ""
                #expect(metrics.contains(#"rehearsals_total{strategy="evict",ending="empty"} 1"#))
                #expect(metrics.contains("interruption_handler_dry_run 1"))
                #expect(!metrics.contains(#"drains_total{strategy="evict",ending="empty"} 1"#))
                #expect(!metrics.contains(#"pods_total{outcome="evicted"} 3"#))

                stage.lab.metadata.update { $0.spot = nil }
                _ = await handler.line(containing: "notice taken back")
                stage.lab.metadata.noticeMaintenance("system-reboot", in: .seconds(600))
                let line = await handler.line { $0.contains("drain ended") && $0.contains("system-reboot") }
                #expect(try Self.ending(in: line)["pods.evicted"]?.integer == 3)
            }
        }
    }

    @Test func `triggers incidents only where that is asked for`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(1, time: .now, template: .web(grace: 1))) { stage in
            let flags = Stage.quick + ["--dry-run", "--dry-run-incidents"]
            try await stage.handler(flags, Self.channels(on: stage)) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await handler.line { $0.contains("notification delivered") && $0.contains("pagerduty") }
            }
            let incident = stage.lab.webhooks.received(at: "/pagerduty").first?.bodyText ?? ""
            #expect(incident.contains("DRY RUN"))
        }
    }

    private static func ending(in line: String?) throws -> KubernetesJSON {
        try KubernetesJSON(parsing: try #require(line))
    }

    /// Every channel that is a web request.
    private static func channels(on stage: Stage) -> [String: String] {
        let address = stage.lab.address(of: .webhooks) ?? ""
        return [
            "PAGERDUTY_URL": "\(address)/pagerduty/v2/enqueue", "PAGERDUTY_ROUTING_KEY": "R0UT1NGKEY",
            "WEBHOOK_URL": "\(address)/anything", "TEAMS_URL": "\(address)/teams/flow",
            "DISCORD_URL": "\(address)/discord/hook", "GOOGLE_CHAT_URL": "\(address)/chat/space",
            "WECHAT_URL": "\(address)/wecom/cgi-bin/webhook/send?key=KEY",
        ]
    }
}
