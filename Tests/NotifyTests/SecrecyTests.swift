import Interruption
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Notify

/// Recognisable secrets in every channel, and nowhere else.
@Suite struct SecrecyTests {
    private static let environment = [
        "SLACK_URL": "https://hooks.slack.com/services/T0PLANTED/B0PLANTED/planted-slack-token",
        "MATTERMOST_WEBHOOK": "https://mm.example/hooks/planted-mattermost-key",
        "SEMATEXT_URL": "https://event-receiver.sematext.com/planted-sematext-token/event",
        "WECHAT_URL": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=planted-wecom-key",
        "GOOGLE_CHAT_URL":
            "https://chat.googleapis.com/v1/spaces/A/messages?key=planted-chat-key&token=planted-chat-token",
        "SMTP_URL": "smtp://mail.example:587", "SMTP_FROM": "a@b.example", "SMTP_TO": "c@d.example",
        "SMTP_USERNAME": "mailer", "SMTP_PASSWORD": "planted-smtp-password",
        "TEAMS_URL":
            "https://x.logic.azure.com/workflows/w/triggers/manual/paths/invoke?api-version=1&sig=planted-teams-sig",
        "DISCORD_URL": "https://discord.com/api/webhooks/1/planted-discord-token",
        "PAGERDUTY_ROUTING_KEY": "planted-routing-key-0123456789abcd",
        "WEBHOOK_URL": "https://receiver.example/hook?code=planted-query-value",
        "WEBHOOK_HEADERS": #"{"Authorization": "Bearer planted-header-value"}"#,
    ]

    private static let settings = ChannelSettings(environment: { environment[$0] }, readFile: { _ in "" })

    private func expectNoSecret(in text: String, _ what: String) {
        for secret in Secret.planted {
            #expect(!text.contains(secret), "\(what) tells \(secret)")
            #expect(!text.contains(secret.replacing("-", with: "%2D")), "\(what) tells \(secret) encoded")
        }
    }

    @Test func `every channel is planted`() {
        #expect(Self.settings.problems.isEmpty)
        #expect(Self.settings.channels.count == 10)
    }

    @Test func `no channel prints its secrets`() {
        for channel in Self.settings.channels {
            var dumped = ""
            dump(channel, to: &dumped)
            expectNoSecret(in: "\(channel) \(String(reflecting: channel)) \(dumped)", "printing \(channel.name)")
            expectNoSecret(in: channel.redacted, "redacted \(channel.name)")
        }
    }

    @Test func `no request prints its secrets`() {
        for channel in Self.settings.channels {
            if let web = channel as? any WebChannel {
                let request = web.request(for: Fixtures.seen)
                var dumped = ""
                dump(request, to: &dumped)
                expectNoSecret(in: "\(request) \(dumped)", "request of \(channel.name)")
            } else if let mail = channel as? MailChannel {
                let message = mail.message(for: Fixtures.seen, within: .seconds(5))
                var dumped = ""
                dump(message, to: &dumped)
                expectNoSecret(in: "\(message) \(dumped)", "mail")
            }
        }
    }

    @Test func `only PagerDuty's key is in a body, where it belongs`() throws {
        for case let channel as any WebChannel in Self.settings.channels where channel.name != "pagerduty" {
            for notification in Fixtures.mild {
                let body = String(decoding: try #require(channel.request(for: notification).body), as: UTF8.self)
                expectNoSecret(in: body, "body of \(channel.name)")
            }
        }
    }

    @Test(arguments: [200, 302, 400, 404, 429, 500])
    func `an error page that repeats path, query, headers and body tells nothing`(status: Int) async throws {
        let remarks = try await VirtualTime.run { timeline in
            let log = Notes()
            let web = ScriptedTransport { request in
                let headers = request.headers.fields.map { "\($0.name): \($0.value.reveal())" }.joined(separator: "\n")
                let path = request.url.reveal().replacing("-", with: "%2D")
                let page = "Cannot POST \(request.url.reveal())\n\(path)\n\(headers)\n"
                let body = request.body.map { String(decoding: $0, as: UTF8.self) } ?? ""
                return .success(.text(page + body.prefix(200), status: status))
            }
            let lane = NotificationLane(
                channels: Self.settings.channels,
                carriers: Carriers(
                    web: web, mail: ScriptedMail { _ in .connectionLost(detail: "planted-smtp-password refused") }),
                timeline: timeline, remark: log.note)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await lane.run() }
                lane.post(Fixtures.seen)
                await lane.finish(by: Moment(sinceOrigin: .seconds(600)))
                group.cancelAll()
            }
            return log.remarks
        }
        #expect(remarks.count == 10)
        for remark in remarks {
            var dumped = ""
            dump(remark, to: &dumped)
            expectNoSecret(in: "\(remark) \(dumped) \(remark.outcome.words)", "remark of \(remark.channel)")
        }
    }

    @Test func `an answer with the secrets at its clip tells no part of them`() async throws {
        let page = String(repeating: "x", count: 255)
        let address = "https://hooks.slack.com/services/T0PLANTED/B0PLANTED/planted-slack-token"
        for offset in 0..<40 {
            let text = String(page.dropLast(offset)) + address
            let channel = SlackChannel(address: .good(address))
            let answer = try await VirtualTime.run { timeline in
                let web = ScriptedTransport { _ in .success(.text(text, status: 404)) }
                let test = ChannelTest(carriers: Carriers(web: web, mail: ScriptedMail()), timeline: timeline)
                return try await test.run([channel], sending: Fixtures.test)
            }
            #expect(!answer.description.contains("T0PLAN") && !answer.description.contains("planted"))
        }
    }

    @Test func `the redacted form tells two channels of one host apart`() {
        let one = WebAddress.good("https://hooks.slack.com/services/T/B/one")
        let two = WebAddress.good("https://hooks.slack.com/services/T/B/two")
        #expect(
            one.redacted.hasPrefix("hooks.slack.com#") && one.redacted.utf8.count == "hooks.slack.com#".utf8.count + 6)
        #expect(one.redacted != two.redacted)
        #expect(one.redacted == WebAddress.good("https://hooks.slack.com/services/T/B/one").redacted)
    }

    @Test(arguments: [
        ("https://user:pass-word@host.example:8443/a?b=c", "host.example:8443"),
        ("HTTPS://HOST.example", "host.example"),
        ("http://[::1]:80/x", "[::1]:80"), ("https://host.example?x=secret", "host.example"),
    ])
    func `an address shows host and port only`(text: String, shown: String) {
        #expect(WebAddress.good(text).redacted.split(separator: "#").first.map(String.init) == shown)
    }

    @Test(arguments: [
        "https://", "https://a b/", "https://[::1/", "https://ho\"st/", "https://host:0/", "file:///etc/passwd", "",
    ])
    func `what is no address is refused without repeating it`(text: String) {
        #expect(throws: AddressProblem.self) { try WebAddress(text) }
    }

    @Test func `credentials in an address are cleaned out of words`() {
        let scrubber = Scrubber(addresses: [.good("https://name:pass%2Dword@host.example/a")])
        #expect(
            scrubber.cleaned("name pass-word pass%2Dword host.example")
                == "[redacted] [redacted] [redacted] host.example")
    }
}

/// Remarks, collected.
private final class Notes: Sendable {
    private let noted = Mutex<[ChannelRemark]>([])

    var remarks: [ChannelRemark] { noted.withLock { $0 } }

    @Sendable func note(_ remark: ChannelRemark) {
        noted.withLock { $0.append(remark) }
    }
}
