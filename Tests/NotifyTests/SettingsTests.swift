import Interruption
import Testing
import Transport

@testable import Notify

@Suite struct SettingsTests {
    struct Unreadable: Error {}

    private func settings(_ environment: [String: String], files: [String: String] = [:]) -> ChannelSettings {
        ChannelSettings(environment: { environment[$0] }) { path in
            guard let text = files[path] else { throw Unreadable() }
            return text
        }
    }

    private func request(_ settings: ChannelSettings, _ index: Int = 0) throws -> HTTPRequest {
        let channel = try #require(settings.channels[index] as? any WebChannel)
        return channel.request(for: Fixtures.test)
    }

    @Test func `nothing set is no channel and no problem`() {
        let settings = settings([:])
        #expect(settings.channels.isEmpty && settings.problems.isEmpty && settings.warnings.isEmpty)
    }

    @Test func `empty variables are absent ones`() {
        let empty = Dictionary(uniqueKeysWithValues: ChannelVariable.all.map { ($0.name, "") })
        let settings = settings(empty)
        #expect(settings.channels.isEmpty && settings.problems.isEmpty)
    }

    @Test func `every channel can be set, in one order`() {
        let settings = settings([
            "SLACK_URL": "https://slack.example/services/T/B/x", "MATTERMOST_WEBHOOK": "https://mm.example/hooks/k",
            "SEMATEXT_URL": "https://event-receiver.sematext.com/t/event",
            "WECHAT_URL": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
            "GOOGLE_CHAT_URL": "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t",
            "SMTP_URL": "smtp://mail.example:587", "SMTP_FROM": "a@b.example", "SMTP_TO": "c@d.example",
            "TEAMS_URL": "https://x.logic.azure.com/workflows/w?sig=s",
            "DISCORD_URL": "https://discord.com/api/webhooks/1/t",
            "PAGERDUTY_ROUTING_KEY": "k", "WEBHOOK_URL": "http://receiver.ops.svc/hook",
        ])
        #expect(settings.problems.isEmpty && settings.warnings.isEmpty)
        #expect(
            settings.channels.map(\.name) == [
                "slack", "mattermost", "sematext", "wechat", "google-chat", "mail", "teams", "discord", "pagerduty",
                "webhook",
            ])
    }

    @Test func `a secret may come from a file, white space at its ends aside`() throws {
        let settings = settings(
            ["SLACK_URL_FILE": "/secrets/slack"], files: ["/secrets/slack": "https://slack.example/services/x\n"])
        #expect(settings.problems.isEmpty)
        #expect(try request(settings).url.reveal() == "https://slack.example/services/x")
    }

    @Test(arguments: [
        (
            ["SLACK_URL": "hooks.slack.com/services/planted"],
            "SLACK_URL is not a URL: it must begin with https:// (or http://)"
        ),
        (["SLACK_URL": "ftp://x/planted"], "SLACK_URL is not a URL: it must begin with https:// (or http://)"),
        (["SLACK_URL": "https:///planted"], "SLACK_URL names no proper host behind https://"),
        (["SLACK_URL": "https://host:99999/planted"], "SLACK_URL names no proper host behind https://"),
        (["SLACK_URL": "https://host:port/planted"], "SLACK_URL names no proper host behind https://"),
        (
            ["SLACK_URL": "https://host/pla nted"],
            "SLACK_URL holds a space, a line break or another character that no URL may hold"
        ),
        (["SLACK_URL_FILE": "/nowhere"], "SLACK_URL_FILE names a file that cannot be read: /nowhere"),
        (["SLACK_URL_FILE": "/empty"], "SLACK_URL_FILE is empty"),
        (
            ["SLACK_URL": "https://a/planted", "SLACK_URL_FILE": "/x"],
            "SLACK_URL is set, and so is SLACK_URL_FILE; set only one of them"
        ),
        (
            ["GOOGLE_CHAT_URL": "https://a/planted", "HANGOUTS_URL": "https://b/planted"],
            "HANGOUTS_URL differs from GOOGLE_CHAT_URL, which is the same channel's newer name; set only one"
        ),
        (
            ["DISCORD_URL": "https://discord.com/api/webhooks/1/planted/slack"],
            "DISCORD_URL ends in /slack or /github, which take other messages; leave that part out"
        ),
        (
            ["WECHAT_KEY": "planted"],
            "WECHAT_URL is missing, and WECHAT_KEY is no ServerChan key (SCT... or sctp...), which would do without"
        ),
        (
            ["WECHAT_URL": "https://pushbear.ftqq.com/sub"],
            "WECHAT_KEY is missing: a PushBear-compatible service needs it as `sendkey`"
        ),
        (
            ["WECHAT_URL": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"],
            "WECHAT_KEY is missing: a WeCom robot's key goes there, or into WECHAT_URL as ?key="
        ),
        (
            ["WECHAT_URL": "https://sctapi.ftqq.com"],
            "WECHAT_KEY is missing: ServerChan's SendKey goes there, or into WECHAT_URL as <key>.send"
        ),
        (["WEBHOOK_URL": "https://a/", "WEBHOOK_METHOD": "GET"], "WEBHOOK_METHOD must be POST, PUT or PATCH"),
        (
            ["WEBHOOK_URL": "https://a/", "WEBHOOK_HEADERS": "planted"],
            "WEBHOOK_HEADERS must be a JSON object such as {\"Authorization\": \"Bearer ...\"}"
        ),
        (
            ["WEBHOOK_URL": "https://a/", "WEBHOOK_HEADERS": #"{"X-A": 17}"#],
            "WEBHOOK_HEADERS has a value that is not a text: the value of X-A must stand in quotes"
        ),
        (
            ["WEBHOOK_URL": "https://a/", "WEBHOOK_HEADERS": #"{"X-A": "planted\r\nX-B: 1"}"#],
            "WEBHOOK_HEADERS has a line break or control character in the value of X-A"
        ),
        (
            ["WEBHOOK_URL": "https://a/", "WEBHOOK_HEADERS": #"{"X A": "planted"}"#],
            "WEBHOOK_HEADERS has a header name that no HTTP message may hold"
        ),
        (
            ["WEBHOOK_URL": "https://a/", "WEBHOOK_HEADERS": #"{"Content-Length": "3"}"#],
            "WEBHOOK_HEADERS must not set Content-Length: it follows from the message and WEBHOOK_URL"
        ),
        (
            ["WEBHOOK_URL": "https://a/", "WEBHOOK_TEMPLATE": "{{ if .Kind }}"],
            "WEBHOOK_TEMPLATE line 1: {{ if .Kind }} is not a field such as {{ .NodeName }}; functions, conditions and loops are not "
                + "supported"
        ),
        (
            ["WEBHOOK_URL": "https://a/", "WEBHOOK_TEMPLATE_FILE": "/template"],
            "WEBHOOK_TEMPLATE_FILE does not give valid JSON for the message `seen`: put each text field between double quotes, or set "
                + "another Content-Type in WEBHOOK_HEADERS"
        ),
        (
            ["SMTP_TO": "a@b", "SMTP_FROM": "c@d"],
            "SMTP_URL is missing: the mail server, such as smtp://mail.example.org:587"
        ),
        (["SMTP_URL": "smtp://m:25", "SMTP_FROM": "a@b"], "SMTP_TO is missing: who gets the mail"),
        (["SMTP_URL": "smtp://m:25", "SMTP_TO": "a@b"], "SMTP_FROM is missing: the sender's address"),
        (
            ["SMTP_URL": "smtp://m:25", "SMTP_TO": "a@b", "SMTP_FROM": "c@d", "SMTP_USERNAME": "u"],
            "SMTP_PASSWORD is missing: a login needs both name and password"
        ),
        (
            ["SMTP_URL": "smtp://u:planted@m:25", "SMTP_TO": "a@b", "SMTP_FROM": "c@d"],
            "SMTP_URL must be smtp://host:port (STARTTLS) or smtps://host:port (TLS), the login in SMTP_USERNAME and SMTP_PASSWORD"
        ),
        (
            ["SMTP_URL": "smtp://m:25", "SMTP_TO": "a@b>\r\nRCPT TO:<x@y", "SMTP_FROM": "c@d"],
            "SMTP_TO must be 1 to 20 mail addresses such as ops@example.org, separated by commas"
        ),
        (
            ["SMTP_URL": "smtp://m:25", "SMTP_TO": "a@b", "SMTP_FROM": "c@d", "SMTP_SECURITY": "none"],
            "SMTP_SECURITY must be starttls (the default) or plain"
        ),
        (["GMAIL_USERNAME": "ops@gmail.com", "GMAIL_PASSWORD": "planted"], "GMAIL_TO is missing: who gets the mail"),
    ])
    func `a wrong setting is named with what is accepted, never with its value`(
        environment: [String: String], problem: String
    ) {
        let settings = settings(
            environment, files: ["/empty": " \n", "/template": #"{"a": {{ .NodeName }}}"#, "/x": "https://a/planted"])
        #expect(settings.problems.map(\.description) == [problem])
        #expect(!settings.problems.description.contains("planted"))
    }

    @Test func `all problems are told at once`() {
        let settings = settings([
            "SLACK_URL": "x", "TEAMS_URL": "y", "WEBHOOK_URL": "z", "WEBHOOK_METHOD": "BREW", "WEBHOOK_HEADERS": "[]",
        ])
        #expect(
            settings.problems.map(\.variable) == [
                "SLACK_URL", "TEAMS_URL", "WEBHOOK_URL", "WEBHOOK_METHOD", "WEBHOOK_HEADERS",
            ])
    }

    @Test(arguments: [
        (["SLACK_CHANNEL": "#ops"], "SLACK_CHANNEL does nothing without SLACK_URL"),
        (
            ["SLACK_URL": "https://hooks.slack.com/services/T/B/x", "SLACK_CHANNEL": "#ops"],
            "SLACK_CHANNEL is ignored by Slack for the webhooks of apps; only old custom integrations honour it"
        ),
        (["WEBHOOK_TEMPLATE": "{}"], "WEBHOOK_TEMPLATE does nothing without WEBHOOK_URL"),
        (
            ["TEAMS_URL": "https://x.webhook.office.com/webhookb2/a@b/IncomingWebhook/c/d"],
            "TEAMS_URL is an Office 365 connector, which Microsoft has retired; make a workflow and set its address"
        ),
        (
            ["WECHAT_URL": "https://pushbear.ftqq.com/sub", "WECHAT_KEY": "k"],
            "WECHAT_URL is PushBear, which no longer delivers; use ServerChan or a WeCom group robot"
        ),
        (
            [
                "SMTP_URL": "smtp://m:25", "SMTP_TO": "a@b", "SMTP_FROM": "c@d", "SMTP_SECURITY": "plain",
                "SMTP_USERNAME": "u",
                "SMTP_PASSWORD": "p",
            ], "SMTP_SECURITY is plain: the login goes over the network unprotected"
        ),
    ])
    func `what is surely not meant is a warning`(environment: [String: String], warning: String) {
        let settings = settings(environment)
        #expect(settings.problems.isEmpty)
        #expect(settings.warnings.map(\.description) == [warning])
    }

    @Test(
        arguments: [
            (
                "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", nil,
                "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"
            ),
            (
                "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "k&y",
                "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k%26y"
            ),
            ("http://127.0.0.1:8080/cgi-bin/webhook/send", "k", "http://127.0.0.1:8080/cgi-bin/webhook/send?key=k"),
            ("https://sctapi.ftqq.com/SCT1.send", nil, "https://sctapi.ftqq.com/SCT1.send"),
            ("https://sctapi.ftqq.com/", "SCT1", "https://sctapi.ftqq.com/SCT1.send"),
            (nil, "SCT1", "https://sctapi.ftqq.com/SCT1.send"),
            (nil, "sctp17tabc", "https://17.push.ft07.com/send/sctp17tabc.send"),
        ] as [(String?, String?, String)])
    func `WeChat's services are recognised by their URL`(url: String?, key: String?, expected: String) throws {
        let settings = settings(["WECHAT_URL": url, "WECHAT_KEY": key].compactMapValues { $0 })
        #expect(settings.problems.isEmpty)
        #expect(try request(settings).url.reveal() == expected)
    }

    @Test func `anything else behind WECHAT_URL is compatible with PushBear`() throws {
        let settings = settings(["WECHAT_URL": "https://push.example/sub?channel=7", "WECHAT_KEY": "k"])
        #expect(try request(settings).url.reveal().hasPrefix("https://push.example/sub?channel=7&sendkey=k&text="))
    }

    @Test func `HANGOUTS_URL is Google Chat's older name`() throws {
        let address = "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t"
        let settings = settings(["HANGOUTS_URL": address, "GOOGLE_CHAT_URL": address])
        #expect(settings.problems.isEmpty)
        #expect(settings.channels.map(\.name) == ["google-chat"])
    }

    @Test func `GMAIL variables map onto SMTP with Gmail's server`() throws {
        let settings = settings([
            "GMAIL_USERNAME": "ops@gmail.com", "GMAIL_PASSWORD": "p", "GMAIL_TO": "a@example.org, b@example.org",
        ])
        #expect(settings.problems.isEmpty)
        let mail = try #require(settings.channels.first as? MailChannel).message(
            for: Fixtures.test, within: .seconds(5))
        #expect(mail.server == Secret("smtp://smtp.gmail.com:587"))
        #expect(mail.credentials?.user == "ops@gmail.com" && mail.credentials?.password == Secret("p"))
        #expect(mail.sender == "ops@gmail.com")
        #expect(mail.recipients == ["a@example.org", "b@example.org"])
    }

    @Test func `SMTP variables win over the older ones`() throws {
        let settings = settings([
            "GMAIL_USERNAME": "ops@gmail.com", "GMAIL_PASSWORD": "p", "GMAIL_TO": "a@example.org",
            "SMTP_URL": "smtps://mail.example:465", "SMTP_FROM": "node@example.org", "SMTP_SECURITY": "plain",
        ])
        let mail = try #require(settings.channels.first as? MailChannel).message(
            for: Fixtures.test, within: .seconds(5))
        #expect(mail.server == Secret("smtps://mail.example:465"))
        #expect(mail.sender == "node@example.org")
    }

    @Test func `a webhook has the user's method and headers`() throws {
        let settings = settings([
            "WEBHOOK_URL": "https://a.example/hook", "WEBHOOK_METHOD": "put",
            "WEBHOOK_HEADERS": #"{"Authorization": "Bearer t", "X-Team": "ops"}"#,
            "WEBHOOK_TEMPLATE": #"{"n": "{{ .NodeName }}"}"#,
        ])
        let request = try request(settings)
        #expect(request.method == .put)
        #expect(request.headers["Authorization"] == "Bearer t" && request.headers["X-Team"] == "ops")
        #expect(request.headers["Content-Type"] == "application/json; charset=utf-8")
        #expect(String(decoding: try #require(request.body), as: UTF8.self) == #"{"n": "node-1"}"#)
    }

    @Test func `PagerDuty's address can be another region's`() throws {
        let settings = settings([
            "PAGERDUTY_ROUTING_KEY": "k", "PAGERDUTY_URL": "https://events.eu.pagerduty.com/v2/enqueue",
        ])
        #expect(try request(settings).url.reveal() == "https://events.eu.pagerduty.com/v2/enqueue")
    }
}
