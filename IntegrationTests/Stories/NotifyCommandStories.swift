import Simulators
import Testing

/// `notify --test`, by the real binary.
@Suite(.timeLimit(.minutes(10))) struct `The test message` {
    private static let test = ["notify", "--test"]

    @Test func `gets a verdict for each channel, and status 0 when all took it`() async throws {
        try await Stage.play { stage in
            let outcome = try await stage.command(Self.test)
            #expect(outcome.end == .exited(0))
            for channel in ["slack", "mattermost", "sematext"] {
                #expect(outcome.lines.count { $0.hasPrefix("ok") && $0.contains(channel) } == 1, "\(outcome.lines)")
                #expect(stage.lab.webhooks.received(at: "/\(channel)").count == 1)
            }
            #expect(stage.slackTexts.first?.lowercased().contains("test") == true)
        }
    }

    @Test func `tells the channel that failed from the others, with status 1`() async throws {
        try await Stage.play { stage in
            stage.lab.webhooks.faults.add(.status(404), to: "/mattermost*")
            let outcome = try await stage.command(Self.test)
            #expect(outcome.end == .exited(1))
            let failed = outcome.lines.filter { $0.hasPrefix("FAILED") }
            #expect(failed.count == 1)
            #expect(failed.first?.contains("mattermost") == true)
            #expect(failed.first?.contains("MATTERMOST_WEBHOOK") == true, "\(failed)")
            #expect(!outcome.lines.contains { $0.contains("/hooks/lab") })
        }
    }

    @Test func `goes to the one channel that was asked for`() async throws {
        try await Stage.play { stage in
            let outcome = try await stage.command(Self.test + ["--channel", "slack"])
            #expect(outcome.end == .exited(0))
            #expect(stage.lab.webhooks.log.count == 1)
        }
    }

    @Test func `names the channels that there are when another one is asked for`() async throws {
        try await Stage.play { stage in
            let outcome = try await stage.command(Self.test + ["--channel", "fax"])
            #expect(outcome.end == .exited(64))
            #expect(outcome.lines.contains { $0.contains("fax") && $0.contains("slack, mattermost, sematext") })
            #expect(stage.lab.webhooks.log.count == 0)
        }
    }

    @Test func `is not sent without a channel, or with one that is wrong`() async throws {
        try await Stage.play { stage in
            let none = ["SLACK_URL": "", "MATTERMOST_WEBHOOK": "", "SEMATEXT_URL": ""]
            #expect(try await stage.command(Self.test, none).end == .exited(78))
            let wrong = try await stage.command(Self.test, ["SLACK_URL": "hooks.slack.com/PLANTED", "WECHAT_KEY": "k"])
            #expect(wrong.end == .exited(78))
            #expect(wrong.lines.contains { $0.contains("SLACK_URL") })
            #expect(wrong.lines.contains { $0.contains("WECHAT_URL") })
            #expect(!wrong.lines.contains { $0.contains("PLANTED") })
            #expect(stage.lab.webhooks.log.count == 0)
        }
    }
}
