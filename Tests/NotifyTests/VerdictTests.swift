import Interruption
import TestSupport
import Testing
import Transport

@testable import Notify

/// What each channel makes of the documented answers.
@Suite struct VerdictTests {
    /// What is expected of a verdict.
    enum Expected: Sendable, Equatable {
        case delivered
        case refused
        case again(Duration?)
    }

    private static let address = WebAddress.good("https://example.org/hook/planted")

    private func outcome(_ verdict: Verdict) -> Expected {
        switch verdict {
        case .delivered: .delivered
        case .refused: .refused
        case .tryAgain(let after, _): .again(after)
        }
    }

    private func check(
        _ channel: any WebChannel, _ status: Int, _ body: String, _ headers: HTTPHeaders = [:], _ expected: Expected
    ) {
        let verdict = channel.verdict(on: .text(body, status: status, headers: headers))
        #expect(outcome(verdict) == expected, "\(verdict)")
    }

    @Test(arguments: [
        (200, "ok", Expected.delivered), (200, "", .delivered), (200, #"{"ok":true}"#, .delivered),
        (200, #"{"success":true}"#, .delivered), (200, #"{"ok":false,"error":"invalid_blocks"}"#, .refused),
        (200, "<!DOCTYPE html><title>Sign in</title>", .refused), (200, "invalid_blocks", .refused),
        (400, "invalid_payload", .refused), (400, "no_text", .refused), (403, "action_prohibited", .refused),
        (403, "invalid_token", .refused), (404, "channel_not_found", .refused), (404, "no_service", .refused),
        (404, "no_active_hooks", .refused), (410, "channel_is_archived", .refused), (302, "", .refused),
        (429, "", .again(.seconds(7))), (500, "rollup_error", .again(nil)), (503, "", .again(nil)),
    ])
    func `Slack`(status: Int, body: String, expected: Expected) {
        check(SlackChannel(address: Self.address), status, body, status == 429 ? ["Retry-After": "7"] : [:], expected)
    }

    @Test(arguments: ["no_service", "channel_is_archived", "invalid_token", "channel_not_found", "action_prohibited"])
    func `Slack's words are said with what to mend`(word: String) {
        let verdict = SlackChannel(address: Self.address).verdict(on: .text(word, status: 404))
        guard case .refused(let words) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(words.hasPrefix("HTTP 404 \(word): "))
        #expect(words.contains("webhook"))
    }

    @Test(arguments: [
        (200, "ok", Expected.delivered), (200, "<html>login</html>", .refused),
        (
            400, #"{"id":"web.incoming_webhook.invalid.app_error","message":"Invalid webhook.","status_code":400}"#,
            .refused
        ),
        (
            403, #"{"id":"web.incoming_webhook.channel_locked.app_error","message":"This webhook is not permitted"}"#,
            .refused
        ),
        (404, #"{"id":"web.incoming_webhook.channel.app_error","message":"Couldn't find the channel."}"#, .refused),
        (429, "", .again(nil)), (500, "{}", .again(nil)),
    ])
    func `Mattermost`(status: Int, body: String, expected: Expected) {
        check(MattermostChannel(address: Self.address), status, body, [:], expected)
    }

    @Test(arguments: [
        (200, "", Expected.delivered), (201, "{}", .delivered), (202, "", .delivered),
        (400, "message is required", .refused),
        (401, "", .refused), (404, "", .refused), (500, "", .again(nil)),
    ])
    func `Sematext`(status: Int, body: String, expected: Expected) {
        check(SematextChannel(address: Self.address), status, body, [:], expected)
    }

    @Test(arguments: [
        (200, #"{"name":"spaces/A/messages/B","text":"x"}"#, Expected.delivered),
        (200, #"{"error":{"code":400,"message":"bad"}}"#, .refused), (200, "<html></html>", .refused),
        (400, #"{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}"#, .refused),
        (403, #"{"error":{"code":403,"status":"PERMISSION_DENIED"}}"#, .refused),
        (404, "{}", .refused), (429, #"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}"#, .again(nil)),
        (503, "", .again(nil)),
    ])
    func `Google Chat`(status: Int, body: String, expected: Expected) {
        check(GoogleChatChannel(address: Self.address), status, body, [:], expected)
    }

    @Test(arguments: [
        (202, "", Expected.delivered), (200, "1", .delivered),
        (
            200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429",
            .again(nil)
        ),
        (200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413", .refused),
        (200, "<html>Sign in</html>", .refused),
        (400, #"{"error":{"code":"TriggerInputSchemaMismatch"}}"#, .refused), (401, "", .refused), (404, "", .refused),
        (429, "", .again(nil)), (502, #"{"error":{"code":"NoResponse"}}"#, .again(nil)),
    ])
    func `Teams`(status: Int, body: String, expected: Expected) {
        check(TeamsChannel(address: Self.address), status, body, [:], expected)
    }

    @Test(arguments: [
        (204, "", Expected.delivered), (200, #"{"id":"1","content":"x"}"#, .delivered),
        (200, "<html></html>", .refused),
        (400, #"{"message":"Cannot send an empty message","code":50006}"#, .refused),
        (401, #"{"message":"Invalid Webhook Token","code":50027}"#, .refused),
        (404, #"{"message":"Unknown Webhook","code":10015}"#, .refused),
        (
            429, #"{"message":"You are being rate limited.","retry_after":1.2345,"global":false}"#,
            .again(.milliseconds(1235))
        ),
        (429, #"{"retry_after":-1}"#, .again(.seconds(3))), (429, "", .again(.seconds(3))), (500, "", .again(nil)),
    ])
    func `Discord`(status: Int, body: String, expected: Expected) {
        check(DiscordChannel(address: Self.address), status, body, status == 429 ? ["Retry-After": "3"] : [:], expected)
    }

    @Test(arguments: [
        (202, #"{"status":"success","message":"Event processed","dedup_key":"k"}"#, Expected.delivered),
        (200, "", .refused),
        (
            400,
            #"{"status":"invalid event","message":"Event object is invalid","errors":["'routing_key' is invalid"]}"#,
            .refused
        ),
        (429, #"{"status":"throttle exceeded"}"#, .again(nil)), (500, "", .again(nil)),
    ])
    func `PagerDuty`(status: Int, body: String, expected: Expected) {
        check(PagerDutyChannel(address: Self.address, routingKey: Secret("k")), status, body, [:], expected)
    }

    @Test func `PagerDuty's errors are said`() {
        let body =
            #"{"status":"invalid event","message":"Event object is invalid","errors":["Length of 'routing_key' is incorrect"]}"#
        let verdict = PagerDutyChannel(address: Self.address, routingKey: Secret("k")).verdict(
            on: .text(body, status: 400))
        #expect(
            verdict
                == .refused(
                    "HTTP 400 Event object is invalid: Length of 'routing_key' is incorrect: "
                        + "check PAGERDUTY_ROUTING_KEY, the key of an Events API v2 integration"))
    }

    @Test(arguments: [
        (200, #"{"errcode":0,"errmsg":"ok"}"#, Expected.delivered),
        (200, #"{"errcode":93000,"errmsg":"invalid webhook url"}"#, .refused),
        (200, #"{"errcode":40058,"errmsg":"invalid Request Parameter"}"#, .refused),
        (200, #"{"errcode":45009,"errmsg":"api freq out of limit"}"#, .again(.seconds(20))),
        (200, #"{"errcode":-1,"errmsg":"system busy"}"#, .again(nil)), (200, "", .refused), (200, "ok", .refused),
        (500, "", .again(nil)), (404, "", .refused),
    ])
    func `WeCom`(status: Int, body: String, expected: Expected) {
        check(WeComChannel(address: Self.address), status, body, [:], expected)
    }

    @Test(arguments: [
        (200, #"{"code":0,"message":"","data":{}}"#, Expected.delivered),
        (200, #"{"code":40001,"message":"bad sendkey"}"#, .refused), (200, "<html></html>", .refused),
        (200, "", .refused),
        (400, #"{"code":40001,"info":"wrong key","message":"[AUTH]wrong key"}"#, .refused), (502, "", .again(nil)),
        (429, #"{"code":1}"#, .again(nil)),
    ])
    func `ServerChan and PushBear`(status: Int, body: String, expected: Expected) {
        check(ServerChanChannel(address: Self.address), status, body, [:], expected)
        check(PushBearChannel(address: Self.address, key: nil), status, body, [:], expected)
    }

    @Test(arguments: [
        (200, "anything", Expected.delivered), (204, "", .delivered), (299, "", .delivered), (301, "", .refused),
        (400, "", .refused), (401, "", .refused), (408, "", .again(nil)), (425, "", .again(nil)),
        (429, "", .again(nil)),
        (500, "", .again(nil)), (504, "", .again(nil)),
    ])
    func `any other receiver`(status: Int, body: String, expected: Expected) throws {
        check(try WebhookChannel(address: Self.address), status, body, [:], expected)
    }

    @Test(arguments: [
        (421, Expected.again(nil)), (450, .again(nil)), (454, .again(nil)), (499, .again(nil)), (530, .refused),
        (535, .refused),
        (550, .refused), (552, .refused), (554, .refused), (500, .refused),
    ])
    func `mail`(code: Int, expected: Expected) {
        #expect(outcome(MailChannel.verdict(on: code)) == expected)
    }
}
