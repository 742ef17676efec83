import Simulators
import Testing

/// The notification channels.
struct WebhookTests {
    private let webhooks = WebhookService(clock: ManualWallClock())

    private func post(_ path: String, _ body: String, type: String = "application/json") async -> LabResponse {
        await webhooks.respond(
            to: LabRequest(
                method: "POST", path: path, headers: [(name: "Content-Type", value: type)], body: Array(body.utf8)))
    }

    @Test(arguments: [
        ("/slack/services/T/B/X", #"{"text":"x"}"#, 200, "ok"), ("/slack/services/T/B/X", "{}", 400, "no_text"),
        ("/slack/services/T/B/X", "{", 400, "invalid_payload"), ("/mattermost/hooks/x", #"{"text":"x"}"#, 200, "ok"),
        ("/sematext/t/event", #"{"type":"a","message":"b"}"#, 200, "{}"),
        ("/sematext/t/event", #"{"name":"a","host":"b"}"#, 400, #"{"error":"type and message are required"}"#),
        (
            "/wecom/cgi-bin/webhook/send", #"{"msgtype":"text","text":{"content":"x"}}"#, 200,
            #"{"errcode":0,"errmsg":"ok"}"#
        ),
        (
            "/wecom/cgi-bin/webhook/send", #"{"msgtype":"text"}"#, 200,
            #"{"errcode":40008,"errmsg":"invalid message type"}"#
        ),
        ("/chat/v1/spaces/a/messages", #"{"text":"x"}"#, 200, "{}"), ("/teams/flow", #"{"attachments":[]}"#, 202, ""),
        ("/discord/x", #"{"content":"x"}"#, 204, ""), ("/anything", "not json", 200, "ok"),
        (
            "/pagerduty/v2/enqueue", #"{"routing_key":"r","event_action":"resolve","dedup_key":"d"}"#, 202,
            #"{"status":"success","message":"Event processed","dedup_key":"d"}"#
        ),
        (
            "/pagerduty/v2/enqueue", #"{"routing_key":"r","event_action":"trigger"}"#, 400,
            #"{"status":"invalid event","message":"Event object is invalid"}"#
        ),
        ("/serverchan/key.send", #"{"title":"x"}"#, 200, #"{"code":0,"message":""}"#),
    ])
    func `each channel answers as its server does`(path: String, body: String, status: Int, text: String) async {
        let answer = await post(path, body)
        #expect(answer.status == status)
        #expect(answer.text == text)
    }

    @Test func `slack's older form is read too`() async {
        let answer = await post(
            "/slack/x", "payload=%7B%22text%22%3A%22x%22%7D", type: "application/x-www-form-urlencoded")
        #expect(answer.text == "ok")
    }

    @Test func `pushbear reads the query`() async {
        let request = LabRequest(
            method: "GET", path: "/pushbear/sub",
            query: [(name: "sendkey", value: "k"), (name: "text", value: "t"), (name: "desp", value: "d")])
        #expect(await webhooks.respond(to: request).text?.contains(#""code":0"#) == true)
    }

    @Test func `scripted answers come first, in their order, to their path`() async {
        webhooks.answerNext(.text(500, "one"), to: "/slack/x")
        webhooks.answerNext(.text(200, #"{"errcode":93000}"#))
        #expect(await post("/other", "").text == #"{"errcode":93000}"#)
        #expect(await post("/slack/x", #"{"text":"x"}"#).text == "one")
        #expect(await post("/slack/x", #"{"text":"x"}"#).text == "ok")
    }

    @Test func `a channel can ask to come back later`() async {
        webhooks.faults.add(.retryLater(status: 429, seconds: 7), to: "/slack/*", times: 1)
        let answer = await post("/slack/x", #"{"text":"x"}"#)
        #expect(answer.status == 429)
        #expect(answer.header("Retry-After") == "7")
    }

    @Test func `what came is remembered by path`() async {
        _ = await post("/slack/x", #"{"text":"x"}"#)
        _ = await post("/slackers", "")
        #expect(webhooks.received(at: "/slack").map(\.bodyText) == [#"{"text":"x"}"#])
    }
}
