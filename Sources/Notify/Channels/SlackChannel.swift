public import Interruption
import JSON
public import Transport

/// Slack's incoming webhooks: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
///
/// Webhooks of apps ignore `channel`; the older custom integrations honour it. Neither can thread, so messages name the
/// notice.
public struct SlackChannel: WebChannel {
    private let address: WebAddress
    private let channel: String?
    private let scrubber: Scrubber

    init(address: WebAddress, channel: String? = nil) {
        self.address = address
        self.channel = channel
        scrubber = Scrubber(addresses: [address])
    }

    /// The channel of the settings; `nil` when there is none or it is malformed.
    static func configured(by settings: inout SettingsReader) -> SlackChannel? {
        let channel = settings.text("SLACK_CHANNEL")
        guard let address = settings.address("SLACK_URL") else {
            settings.warn("SLACK_CHANNEL", unusedWithout: "SLACK_URL")
            return nil
        }
        if channel != nil, address.host == "hooks.slack.com" {
            settings.warn(
                "SLACK_CHANNEL", "is ignored by Slack for the webhooks of apps; only old custom integrations honour it")
        }
        return SlackChannel(address: address, channel: channel)
    }

    /// `slack`.
    public var name: String { "slack" }
    /// Host and fingerprint of the webhook.
    public var redacted: String { address.redacted }
    /// `text` without the webhook's secrets.
    public func cleaned(_ text: String) -> String { scrubber.cleaned(text) }

    /// The message as blocks, with a text for notifications and old clients.
    public func request(for notification: Notification) -> HTTPRequest {
        .posting(payload(for: notification), to: address.url)
    }

    /// Slack answers 200 with `ok`; what imitates it may answer 200 with a page or an error inside.
    public func verdict(on response: HTTPResponse) -> Verdict {
        guard response.isSuccess else {
            let code = response.text.singleLine
            return .failure(
                response, mend: "SLACK_URL",
                SlackChannel.mending[code].map { [response.status: $0] } ?? [:])
        }
        return .ofPlainOK(response, mend: "SLACK_URL")
    }

    /// The webhook's document: at most 50 blocks, 3,000 characters a text, 2,000 a field, 10 fields a section, 40,000
    /// in `text`.
    func payload(for notification: Notification) -> JSONValue {
        let message = MessageText(notification)
        var blocks: [JSONValue] = [section(Page.title(message.title, in: .slack, within: TextLimit(2900, .utf16)))]
        let fields = message.facts.map { fact in
            text(Dialect.slack.bold(Dialect.slack.escaped(fact.label)) + "\n" + Dialect.slack.escaped(fact.value))
        }
        for start in stride(from: 0, to: fields.count, by: 10) {
            blocks.append([
                "type": "section", "fields": .array(Array(fields[start..<min(start + 10, fields.count)])),
            ])
        }
        for part in message.sections {
            var page = Page(.slack, within: TextLimit(2900, .utf16))
            page.append([part])
            blocks.append(section(page.text))
        }
        return [
            "channel": channel.map { .string($0) },
            "text": .string(message.rendered(in: .slack, within: TextLimit(3000, .utf16))),
            "blocks": .array(blocks),
        ]
    }

    private func section(_ content: String) -> JSONValue {
        ["type": "section", "text": text(content)]
    }

    private func text(_ content: String) -> JSONValue {
        ["type": "mrkdwn", "text": .string(content), "verbatim": true]
    }

    /// Slack's error words: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
    private static let mending: [String: String] = [
        "invalid_payload": "Slack did not understand the message",
        "no_text": "Slack did not understand the message",
        "too_many_attachments": "Slack did not understand the message",
        "posting_to_general_channel_denied":
            "the webhook may not post to the general channel; choose another one for it",
        "action_prohibited": "an administrator restricts posting; ask for the webhook to be allowed",
        "invalid_token": "the webhook is no longer valid; make a new one and set SLACK_URL",
        "channel_not_found": "the webhook's channel is gone; make a new webhook, or mend SLACK_CHANNEL",
        "channel_is_archived": "the webhook's channel is archived; choose another one",
        "no_service": "the webhook was removed or its app disabled; make a new one and set SLACK_URL",
        "no_active_hooks": "the webhook was disabled; make a new one and set SLACK_URL",
        "no_team": "the workspace is gone; check SLACK_URL",
        "user_not_found": "the webhook's user is gone; make a new one and set SLACK_URL",
    ]
}

extension Verdict {
    /// The verdict on a 2xx of a service that answers `ok`: also nothing, or JSON that says so; anything else is not
    /// that service.
    static func ofPlainOK(_ response: HTTPResponse, mend variable: String) -> Verdict {
        let text = response.text.singleLine
        if text.isEmpty || text.lowercased() == "ok" { return .delivered(response.answerWords) }
        if let json = response.json, let isGood = (json["ok"] ?? json["success"])?.bool {
            return isGood
                ? .delivered("HTTP \(response.status)")
                : .refused("\(response.answerWords): an error inside; check \(variable)")
        }
        return .refused("\(response.answerWords): not the answer `ok`; check that \(variable) is a webhook's address")
    }
}
