import Interruption
import JSON
import Testing
import Transport

@testable import Notify

/// Every channel's documented limits, under 250 pods, long names, quotes, line breaks, markup and every kind of
/// unicode.
@Suite struct PayloadLimitTests {
    private let address = WebAddress.good("https://example.org/hook/planted")

    /// The body as the other side would read it; fails when it is not JSON.
    private func document(_ channel: any WebChannel, _ notification: Notification) throws -> JSONValue {
        let body = try #require(channel.request(for: notification).body)
        return try #require(JSONValue(reading: body))
    }

    @Test(arguments: Fixtures.all.indices)
    func `Slack: 50 blocks, 3,000 characters a text, 10 fields of 2,000, 40,000 in all`(index: Int) throws {
        let document = try document(SlackChannel(address: address), Fixtures.all[index])
        #expect(try #require(document["text"]?.string).utf16.count <= 40_000)
        let blocks = try #require(document["blocks"]?.elements)
        #expect((1...50).contains(blocks.count))
        for block in blocks {
            #expect(block["type"] == "section")
            let text = block["text"]?["text"]?.string
            #expect(text.map { (1...3000).contains($0.utf16.count) } ?? true)
            let fields = block["fields"]?.elements
            #expect(text != nil || fields != nil)
            #expect(fields.map { (1...10).contains($0.count) } ?? true)
            #expect((fields ?? []).allSatisfy { ($0["text"]?.string?.utf16.count ?? 2001) <= 2000 })
        }
    }

    @Test(arguments: Fixtures.all.indices)
    func `Slack: no character of a value can become a mention or a link`(index: Int) throws {
        let text = SlackChannel(address: address).payload(for: Fixtures.all[index]).text
        #expect(!text.contains("<") && !text.contains(">"))
    }

    @Test(arguments: Fixtures.all.indices)
    func `Mattermost: 16,383 characters`(index: Int) throws {
        let text = try #require(try document(MattermostChannel(address: address), Fixtures.all[index])["text"]?.string)
        #expect((1...16_383).contains(text.utf16.count))
        #expect(!text.contains("@all"))
    }

    @Test(arguments: Fixtures.all.indices)
    func `Sematext: type and message, and one of three severities`(index: Int) throws {
        let document = try document(SematextChannel(address: address), Fixtures.all[index])
        #expect(document["type"]?.string?.isEmpty == false)
        #expect(document["message"]?.string?.isEmpty == false)
        #expect(["info", "warning", "error"].contains(document["severity"]?.string))
        #expect(document["tags"]?.elements?.allSatisfy { $0.string != nil } == true)
    }

    @Test(arguments: Fixtures.all.indices)
    func `Google Chat: 4,096 characters, and nobody is mentioned`(index: Int) throws {
        let text = try #require(try document(GoogleChatChannel(address: address), Fixtures.all[index])["text"]?.string)
        #expect((1...4096).contains(text.utf16.count))
        #expect(!text.contains("<users"))
    }

    @Test(arguments: Fixtures.all.indices)
    func `Teams: 28 KB, a card of known elements`(index: Int) throws {
        let channel = TeamsChannel(address: address)
        #expect(try #require(channel.request(for: Fixtures.all[index]).body).count <= 28_000)
        let content = try document(channel, Fixtures.all[index])["attachments"]?[0]?["content"]
        #expect(content?["type"] == "AdaptiveCard" && content?["version"] == "1.4")
        for element in try #require(content?["body"]?.elements) {
            #expect(["TextBlock", "FactSet"].contains(element["type"]?.string))
            #expect(element["text"]?.string?.isEmpty == false || element["facts"]?.elements?.isEmpty == false)
        }
    }

    @Test func `Teams: 28 KB even when every character must be escaped twice`() throws {
        let evil = String(repeating: "\\", count: 4000)
        let pods = (0..<250).map { Fixtures.pod("\($0)" + evil, .blocked, detail: evil) }
        let report = Report(
            notice: Fixtures.notice, strategy: .evict, pods: pods, ending: .failed,
            remarks: Array(repeating: evil, count: 90))
        let notification = Notification(
            event: .outcome(report), nodeName: evil, cluster: evil,
            machine: MachineIdentity(instanceID: evil, instanceType: evil, zone: evil), time: Fixtures.start)
        #expect(try #require(TeamsChannel(address: address).request(for: notification).body).count <= 28_000)
    }

    @Test(arguments: Fixtures.all.indices)
    func `Discord: 2,000 characters, and nobody is mentioned`(index: Int) throws {
        let document = try document(DiscordChannel(address: address), Fixtures.all[index])
        #expect((1...2000).contains(try #require(document["content"]?.string).utf16.count))
        #expect(document["allowed_mentions"] == ["parse": []])
    }

    @Test(arguments: Fixtures.all.indices)
    func `PagerDuty: summary 1,024, dedup_key 255, a known severity, 512 KB`(index: Int) throws {
        let channel = PagerDutyChannel(address: address, routingKey: Secret("k"))
        #expect(try #require(channel.request(for: Fixtures.all[index]).body).count <= 512 << 10)
        let document = try document(channel, Fixtures.all[index])
        #expect((1...255).contains(try #require(document["dedup_key"]?.string).utf8.count))
        let payload = try #require(document["payload"])
        #expect((1...1024).contains(try #require(payload["summary"]?.string).utf16.count))
        #expect(["critical", "error", "warning", "info"].contains(payload["severity"]?.string))
        #expect(payload["source"]?.string?.isEmpty == false)
    }

    @Test(arguments: Fixtures.all.indices)
    func `WeCom: 2,048 bytes`(index: Int) throws {
        let document = try document(WeComChannel(address: address), Fixtures.all[index])
        #expect((1...2048).contains(try #require(document["text"]?["content"]?.string).utf8.count))
    }

    @Test(arguments: Fixtures.all.indices)
    func `ServerChan: title 32, description 32 KB`(index: Int) throws {
        let document = try document(ServerChanChannel(address: address), Fixtures.all[index])
        #expect((1...32).contains(try #require(document["title"]?.string).utf16.count))
        #expect((1...(32 << 10)).contains(try #require(document["desp"]?.string).utf8.count))
    }

    @Test(arguments: Fixtures.all.indices)
    func `PushBear: a URL of printable ASCII below 8 KB`(index: Int) {
        let url = PushBearChannel(address: address, key: Secret("k")).request(for: Fixtures.all[index]).url.reveal()
        #expect(url.utf8.count < 8192)
        #expect(url.utf8.allSatisfy { (0x21...0x7e).contains($0) })
    }

    @Test(arguments: Fixtures.all.indices)
    func `a webhook's own document is JSON`(index: Int) throws {
        let document = try document(try WebhookChannel(address: address), Fixtures.all[index])
        #expect(document["nodeName"]?.string == Fixtures.all[index].nodeName)
    }

    @Test(arguments: Fixtures.hard.indices)
    func `the blocked pods are told in every channel that lists pods`(index: Int) throws {
        guard Fixtures.hard[index].report != nil else { return }
        let channels: [any WebChannel] = [
            SlackChannel(address: address), MattermostChannel(address: address), SematextChannel(address: address),
            GoogleChatChannel(address: address), TeamsChannel(address: address), DiscordChannel(address: address),
            PagerDutyChannel(address: address, routingKey: Secret("k")), WeComChannel(address: address),
            ServerChanChannel(address: address),
        ]
        for channel in channels {
            let body = String(decoding: try #require(channel.request(for: Fixtures.hard[index]).body), as: UTF8.self)
            #expect(body.contains("Blocked by a budget (31)"), "\(channel.name)")
            #expect(body.contains("pod-4-"), "\(channel.name)")
        }
    }
}
