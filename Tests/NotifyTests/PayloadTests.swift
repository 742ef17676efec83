import Interruption
import JSON
import Testing
import Transport

@testable import Notify

/// The first message in every channel, member by member; longer ones are held to the documented limits in
/// `PayloadLimitTests`.
@Suite struct PayloadTests {
    private let address = WebAddress.good("https://example.org/hook/planted")
    private let title = "Node node-1 (cluster prod) is about to be reclaimed: 1 min 58 s left"
    private let facts = [
        ("Node", "node-1"), ("Cluster", "prod"), ("Instance", "i-0bb697ef2705e5b37"), ("Type", "m5.large, spot"),
        ("Zone", "eu-west-1a"), ("Kind", "reclaim (spot terminate)"),
        ("Deadline", "2026-11-21T02:02:00Z, 1 min 58 s left"),
        ("Strategy", "evict; a pod that its budget keeps is deleted when its own time has come"),
        ("Notice", "spot-1795226520"),
    ]

    private func lines(bold: String) -> String {
        "\(bold)\(title)\(bold)\n" + facts.map { "\(bold)\($0):\(bold) \($1)" }.joined(separator: "\n")
    }

    @Test func `Slack gets blocks and a text`() {
        let fields = facts.map { label, value in
            JSONValue.object([
                .init(name: "type", value: "mrkdwn"), .init(name: "text", value: .string("*\(label)*\n\(value)")),
                .init(name: "verbatim", value: true),
            ])
        }
        let expected: JSONValue = [
            "channel": "#ops",
            "text": .string(lines(bold: "*")),
            "blocks": [
                [
                    "type": "section",
                    "text": ["type": "mrkdwn", "text": .string("*\(title)*"), "verbatim": true],
                ],
                ["type": "section", "fields": .array(fields)],
            ],
        ]
        #expect(SlackChannel(address: address, channel: "#ops").payload(for: Fixtures.seen) == expected)
    }

    @Test func `Mattermost gets Markdown, and a name, a picture and a channel when they are set`() {
        let channel = MattermostChannel(
            address: address, channel: "town-square", username: "spot", iconURL: "https://example.org/i.png")
        let expected: JSONValue = [
            "text": .string(lines(bold: "**")), "channel": "town-square", "username": "spot",
            "icon_url": "https://example.org/i.png",
        ]
        #expect(channel.payload(for: Fixtures.seen) == expected)
        #expect(MattermostChannel(address: address).payload(for: Fixtures.seen).members?.map(\.name) == ["text"])
    }

    @Test func `Sematext gets an event with its required fields`() {
        let expected: JSONValue = [
            "timestamp": "2026-11-21T02:00:00.000+0000",
            "type": "node-interruption",
            "title": .string(title),
            "message": .string(facts.map { "\($0): \($1)" }.joined(separator: "\n")),
            "severity": "warning",
            "creator": "interruption-handler",
            "os.host": "node-1",
            "tags": ["seen", "reclaim", "prod", "node-1/spot-1795226520"],
        ]
        #expect(SematextChannel(address: address).payload(for: Fixtures.seen) == expected)
    }

    @Test func `Google Chat gets a text in the notice's thread`() {
        let channel = GoogleChatChannel(
            address: .good("https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t"))
        let expected: JSONValue = [
            "text": .string(lines(bold: "*")), "thread": ["threadKey": "node-1/spot-1795226520"],
        ]
        #expect(channel.payload(for: Fixtures.seen) == expected)
        #expect(
            channel.request(for: Fixtures.seen).url.reveal()
                == "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t"
                + "&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD")
    }

    @Test func `Teams gets an adaptive card`() {
        let expected: JSONValue = [
            "type": "message",
            "attachments": [
                [
                    "contentType": "application/vnd.microsoft.card.adaptive",
                    "contentUrl": .null,
                    "content": [
                        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                        "type": "AdaptiveCard",
                        "version": "1.4",
                        "msteams": ["width": "Full"],
                        "body": [
                            [
                                "type": "TextBlock", "size": "Medium", "weight": "Bolder", "wrap": true,
                                "color": "Warning",
                                "text": .string(title),
                            ],
                            [
                                "type": "FactSet",
                                "facts": .array(facts.map { ["title": .string($0), "value": .string($1)] }),
                            ],
                        ],
                    ],
                ]
            ],
        ]
        #expect(TeamsChannel(address: address).payload(for: Fixtures.seen) == expected)
    }

    @Test func `Discord gets Markdown that mentions nobody`() {
        let expected: JSONValue = ["content": .string(lines(bold: "**")), "allowed_mentions": ["parse": []]]
        #expect(DiscordChannel(address: address).payload(for: Fixtures.seen) == expected)
    }

    @Test func `PagerDuty gets a trigger with the notice's key`() {
        let expected: JSONValue = [
            "routing_key": "key",
            "event_action": "trigger",
            "dedup_key": "node-1/spot-1795226520",
            "client": "interruption-handler",
            "payload": [
                "summary": .string(title),
                "source": "node-1",
                "severity": "warning",
                "timestamp": "2026-11-21T02:00:00Z",
                "component": "i-0bb697ef2705e5b37",
                "group": "prod",
                "class": "reclaim",
                "custom_details": .object(facts.map { .init(name: $0, value: .string($1)) }),
            ],
        ]
        #expect(PagerDutyChannel(address: address, routingKey: Secret("key")).payload(for: Fixtures.seen) == expected)
    }

    @Test func `PagerDuty resolves what it triggered, by outcome and by withdrawal`() {
        let channel = PagerDutyChannel(address: address, routingKey: Secret("key"))
        let events = Fixtures.mild.map { channel.payload(for: $0) }
        #expect(events.map { $0["event_action"]?.string } == ["trigger", "resolve", "resolve", "trigger"])
        #expect(Set(events.prefix(3).map { $0["dedup_key"]?.string }).count == 1)
        #expect(events[3]["dedup_key"] != events[0]["dedup_key"])
    }

    @Test func `WeCom gets a plain text`() {
        let expected: JSONValue = ["msgtype": "text", "text": ["content": .string(lines(bold: ""))]]
        #expect(WeComChannel(address: address).payload(for: Fixtures.seen) == expected)
    }

    @Test func `ServerChan gets a short title and lines apart`() {
        let expected: JSONValue = [
            "title": "Reclaim: 1 min 58 s left",
            "desp": .string(lines(bold: "**").replacing("\n", with: "\n\n")),
        ]
        #expect(ServerChanChannel(address: address).payload(for: Fixtures.seen) == expected)
    }

    @Test func `PushBear gets its key as sendkey and everything percent-encoded`() {
        let request = PushBearChannel(address: .good("https://pushbear.ftqq.com/sub"), key: Secret("k&y")).request(
            for: Fixtures.test)
        let url = request.url.reveal()
        #expect(
            url.hasPrefix("https://pushbear.ftqq.com/sub?sendkey=k%26y&text=TEST%3A%20interruption-handler%20on%20node")
        )
        #expect(url.contains("&desp=TEST%3A%20"))
        #expect(request.method == .get && request.body == nil)
    }

    @Test func `a webhook without a template gets a text and the facts, numbers as numbers`() {
        let document = WebhookChannel.document(for: Fixtures.outcome)
        #expect(document["text"]?.string?.hasPrefix("Node node-1 (cluster prod) was not empty") == true)
        #expect(document["event"] == "outcome")
        #expect(document["podsBlocked"] == 1)
        #expect(document["secondsToCordon"] == .number(0.08))
        #expect(document["blockedPods"] == "shop/db-0")
        #expect(document["key"] == "node-1/spot-1795226520")
    }

    @Test func `every JSON channel says that it sends JSON`() {
        let channels: [any WebChannel] = [
            SlackChannel(address: address), MattermostChannel(address: address), SematextChannel(address: address),
            GoogleChatChannel(address: address), TeamsChannel(address: address), DiscordChannel(address: address),
            PagerDutyChannel(address: address, routingKey: Secret("k")), WeComChannel(address: address),
            ServerChanChannel(address: address),
        ]
        for channel in channels {
            let request = channel.request(for: Fixtures.seen)
            #expect(request.method == .post)
            #expect(request.headers["Content-Type"] == "application/json; charset=utf-8")
        }
    }
}
