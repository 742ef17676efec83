import FoundationEssentials
import Interruption
import TestSupport
import Testing
import Transport

@testable import Notify

@Suite struct ChannelTestTests {
    private static let slack = SlackChannel(address: .good("https://slack.example/services/s"))
    private static let discord = DiscordChannel(address: .good("https://discord.example/api/webhooks/1/d"))
    private static let pagerDuty = PagerDutyChannel(
        address: .good("https://pd.example/v2/enqueue"), routingKey: Secret("k"))

    private func answers(
        _ channels: [any Channel] = [slack, discord, pagerDuty], only: String? = nil,
        _ script: @escaping @Sendable (HTTPRequest, ManualTimeline) async -> ScriptedTransport.Answer
    ) async throws -> ([ChannelTest.Answer], Moment) {
        try await VirtualTime.run { timeline in
            let web = ScriptedTransport { await script($0, timeline) }
            let test = ChannelTest(carriers: Carriers(web: web, mail: ScriptedMail()), timeline: timeline)
            return (try await test.run(channels, only: only, sending: Fixtures.test), timeline.now)
        }
    }

    @Test func `each channel's answer is told in the channels' order, with what to mend`() async throws {
        let (answers, end) = try await answers { request, timeline in
            switch request.origin {
            case "https://slack.example":
                try? await timeline.sleep(for: .seconds(1))
                return .success(.text("no_service", status: 404))
            case "https://discord.example": return .success(HTTPResponse(status: 204))
            default: return .failure(.untrusted(detail: "self-signed certificate"))
            }
        }
        #expect(answers.map(\.channel) == ["slack", "discord", "pagerduty"])
        #expect(answers.map(\.isDelivered) == [false, true, false])
        #expect(
            answers.map(\.words) == [
                "HTTP 404 no_service: the webhook was removed or its app disabled; make a new one and set SLACK_URL",
                "HTTP 204",
                "TLS: the other side is not who it must be: self-signed certificate; check the address and the certificate "
                    + "authorities",
            ])
        #expect(end == Moment(sinceOrigin: .seconds(1)))
    }

    @Test func `a channel that hangs is told after its five seconds`() async throws {
        let (answers, end) = try await answers([Self.slack]) { _, timeline in
            try? await timeline.sleep(for: .seconds(3600))
            return .failure(.cancelled)
        }
        #expect(answers.map(\.words) == ["no answer within 5 s"])
        #expect(end == Moment(sinceOrigin: .milliseconds(5100)))
    }

    @Test func `only the named channel is tested`() async throws {
        let (answers, _) = try await answers(only: "discord") { _, _ in .success(HTTPResponse(status: 204)) }
        #expect(answers.map(\.channel) == ["discord"])
    }

    @Test func `a name that is not configured is an error with those that are`() async {
        await #expect(throws: ChannelTest.UnknownChannel(name: "slak", configured: ["slack", "discord", "pagerduty"])) {
            _ = try await answers(only: "slak") { _, _ in .success(HTTPResponse(status: 204)) }
        }
    }

    @Test func `the message that is sent is marked as a test`() async throws {
        _ = try await answers([Self.slack]) { request, _ in
            let body = String(decoding: request.body ?? [], as: UTF8.self)
            #expect(body.contains("TEST: interruption-handler on node node-1"))
            return .success(.text("ok"))
        }
    }
}

@Suite struct DocumentationTests {
    @Test func `every variable and every template field is in the channels' page`() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "docs/notifications.md")
        let text = String(decoding: try Data(contentsOf: page), as: UTF8.self)
        for variable in ChannelVariable.all {
            #expect(text.contains("`\(variable.name)`"), "\(variable.name)")
        }
        for field in TemplateField.allCases {
            #expect(text.contains("`\(field.rawValue)`"), "\(field.rawValue)")
        }
    }
}
