import FoundationEssentials
import Simulators
import Testing

/// Nothing secret comes out anywhere, by the real binary at its most talkative.
@Suite(.timeLimit(.minutes(10))) struct `A secret` {
    private static let mark = "PLANTED"

    @Test func `is in no log line, metric, event, or record`() async throws {
        let cluster = ClusterPreset.crowded(3, time: .now)
        cluster.accept(token: "PLANTED-kubernetes", as: ClusterPreset.account)
        try await Stage.play(cluster: cluster, changing: { $0.kubernetesToken = "PLANTED-kubernetes" }) { stage in
            let environment = try environment(on: stage)
            answerWithSecrets(stage)
            await stage.lab.servers[.containers]?.goAway()  // where the mail server would be
            let metrics = Kept("")
            let flags = Stage.quick + ["--log-level", "trace", "--detach-asg", "--pod-events", "--taint"]
            let outcome = try await stage.handler(flags, environment) { handler in
                await stage.untilListening()
                stage.lab.metadata.expireTokens()
                await stage.playSpotNotice()
                _ = await handler.line(containing: "detached from its group")
                for channel in ["slack", "mail", "webhook", "wechat", "pagerduty", "teams"] {
                    _ = await handler.line { $0.contains("notification ") && $0.contains(#""\#(channel)""#) }
                }
                await metrics.set(try await page("/metrics", of: handler))
                handler.send(.terminate)
                await handler.untilEnded()
            }
            #expect(outcome.end == .exited(0))
            #expect(stage.podNames.isEmpty)

            // The secrets were in use, so they could have come out.
            let told = stage.lab.webhooks.log.entries.map { "\($0.request.path)\($0.request.query)\($0.bodyText)" }
            for name in ["slack", "wechat", "pagerduty", "teams"] {
                #expect(told.contains { $0.contains("PLANTED-\(name)") }, "\(name)")
            }
            #expect(
                stage.lab.webhooks.log.entries.contains {
                    $0.request.header("authorization") == "Bearer PLANTED-header"
                })
            let events = stage.cluster.objects(.events).map { "\($0)" }
            #expect(!events.isEmpty)
            #expect(await metrics.value.contains("interruption_handler_"))
            #expect(outcome.lines.contains { $0.contains("\"trace\"") || $0.contains("metadata read") })

            let secrets = [Self.mark] + issued(stage)
            #expect(secrets.count >= 5)
            for (place, texts) in [
                "log": outcome.lines, "metrics": [await metrics.value], "events": events,
                "node": ["\(String(describing: stage.node))"],
            ] {
                for secret in secrets {
                    #expect(!texts.contains { $0.contains(secret) }, "\(place): \(secret.prefix(12))")
                }
            }
        }
    }

    @Test func `is not in the words about a setting that is wrong`() async throws {
        try await Stage.play { stage in
            let wrong = Dictionary(
                uniqueKeysWithValues: [
                    "SLACK_URL", "MATTERMOST_WEBHOOK", "SEMATEXT_URL", "WECHAT_URL", "GOOGLE_CHAT_URL", "TEAMS_URL",
                    "DISCORD_URL", "WEBHOOK_URL", "WEBHOOK_HEADERS", "PAGERDUTY_ROUTING_KEY", "SMTP_PASSWORD",
                ].map { ($0, "PLANTED secret\u{1}of \($0)") })
            let outcome = try await stage.handler([], wrong) { await $0.untilEnded() }
            #expect(outcome.end == .exited(78))
            #expect(outcome.lines.count >= 9)
            #expect(!outcome.lines.contains { $0.contains(Self.mark) }, "\(outcome.lines)")
            let help = try await stage.command(["run", "--help"], wrong)
            #expect(!help.lines.contains { $0.contains(Self.mark) })
        }
    }

    /// Every channel, each with a secret of its own, and a cloud identity by a token.
    private func environment(on stage: Stage) throws -> [String: String] {
        let host = try #require(stage.lab.address(of: .webhooks))
        let token = stage.folder + "/token"
        try "PLANTED-web-identity".write(toFile: token, atomically: true, encoding: .utf8)
        return [
            "SLACK_URL": host + "/slack/services/T000/PLANTED-slack", "SLACK_CHANNEL": "#ops",
            "MATTERMOST_WEBHOOK": host + "/mattermost/hooks/PLANTED-mattermost",
            "SEMATEXT_URL": host + "/sematext/PLANTED-sematext/event",
            "WECHAT_URL": host + "/pushbear/sub", "WECHAT_KEY": "PLANTED-wechat",
            "GOOGLE_CHAT_URL": host + "/chat/v1/spaces/A/messages?key=PLANTED-chat&token=PLANTED-chat-token",
            "TEAMS_URL": host + "/teams/workflows/PLANTED-teams/run?sig=PLANTED-sig",
            "DISCORD_URL": host + "/discord/api/webhooks/1/PLANTED-discord",
            "PAGERDUTY_URL": host + "/pagerduty/v2/enqueue", "PAGERDUTY_ROUTING_KEY": "PLANTED-pagerduty",
            "WEBHOOK_URL": host + "/hook/PLANTED-webhook",
            "WEBHOOK_HEADERS": #"{"Authorization": "Bearer PLANTED-header"}"#,
            "SMTP_URL": "smtp://127.0.0.1:\(stage.lab.servers[.containers]?.port ?? 0)", "SMTP_FROM": "a@example.org",
            "SMTP_TO": "b@example.org", "SMTP_USERNAME": "PLANTED-user", "SMTP_PASSWORD": "PLANTED-password",
            "AWS_WEB_IDENTITY_TOKEN_FILE": token, "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/story",
        ]
    }

    /// Some of the channels answer with what they were asked with, as error pages do.
    private func answerWithSecrets(_ stage: Stage) {
        for (path, words) in [
            ("/mattermost*", "no hook PLANTED-mattermost"), ("/chat*", #"{"error": {"message": "PLANTED-chat"}}"#),
            ("/discord*", "unknown /api/webhooks/1/PLANTED-discord"), ("/pushbear*", "sendkey=PLANTED-wechat is bad"),
        ] {
            stage.lab.webhooks.faults.add(.text(words), to: path)
        }
    }

    /// What the lab gave out: session tokens of the metadata service, and the keys of the role.
    private func issued(_ stage: Stage) -> [String] {
        let tokens = Set(stage.metadataReads.compactMap { $0.header("x-aws-ec2-metadata-token") })
        let call = stage.lab.aws.calls.last { $0.accessKeyID != nil }
        let credentials = call?.accessKeyID.flatMap { stage.lab.issuer.credentials($0) }
        return tokens + [credentials?.secretAccessKey, credentials?.sessionToken].compactMap { $0 }
    }

    private func page(_ path: String, of handler: RunningProgram) async throws -> String {
        let line = try #require(await handler.line(containing: "status pages are served"))
        let digits = try #require(line.split(separator: "127.0.0.1:").last?.prefix { $0.isNumber })
        return try await LabClient(port: try #require(Int(digits))).send("GET", path).text
    }
}
