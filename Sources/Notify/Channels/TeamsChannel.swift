public import Interruption
import JSON
public import Transport

/// Microsoft Teams through a Power Automate workflow "when a Teams webhook request is received", which takes an
/// adaptive card: https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams and
/// https://adaptivecards.io/explorer/
public struct TeamsChannel: WebChannel {
    private let address: WebAddress
    private let scrubber: Scrubber

    init(address: WebAddress) {
        self.address = address
        scrubber = Scrubber(addresses: [address])
    }

    /// The channel of the settings; `nil` when there is none or it is malformed.
    static func configured(by settings: inout SettingsReader) -> TeamsChannel? {
        guard let address = settings.address("TEAMS_URL") else { return nil }
        if address.host.hasSuffix("webhook.office.com") {
            settings.warn(
                "TEAMS_URL",
                "is an Office 365 connector, which Microsoft has retired; make a workflow and set its address")
        }
        return TeamsChannel(address: address)
    }

    /// `teams`.
    public var name: String { "teams" }
    /// Host and fingerprint of the workflow.
    public var redacted: String { address.redacted }
    /// `text` without the workflow's signature.
    public func cleaned(_ text: String) -> String { scrubber.cleaned(text) }

    /// The message as an adaptive card.
    public func request(for notification: Notification) -> HTTPRequest {
        .posting(payload(for: notification), to: address.url)
    }

    /// A workflow answers 202 before it posts. The older connectors answered 200 with `1`, or 200 with an error inside.
    public func verdict(on response: HTTPResponse) -> Verdict {
        guard response.isSuccess else {
            return .failure(
                response, mend: "TEAMS_URL",
                [
                    400:
                        "the workflow does not accept the card; its trigger must be \"when a Teams webhook request is received\"",
                    401: "the workflow's signature is not accepted; copy its whole address, with sig=, into TEAMS_URL",
                    404: "the workflow is gone or switched off; check it, and TEAMS_URL",
                ])
        }
        let text = response.text.singleLine
        if text.contains("HTTP error 429") {
            return .tryAgain(
                after: response.retryAfter, "HTTP \(response.status) with an error inside: too many messages")
        }
        if text.lowercased().contains("error") || text.lowercased().hasPrefix("<") {
            return .refused("\(response.answerWords): an error inside; check TEAMS_URL")
        }
        return .delivered(
            response.status == 202
                ? "HTTP 202: accepted; Teams does not tell whether the workflow could post it"
                : "HTTP \(response.status)")
    }

    /// The card. Teams takes about 28 KB; the parts are bounded so that the whole stays below even when every character
    /// is escaped.
    func payload(for notification: Notification) -> JSONValue {
        let message = MessageText(notification)
        var body: [JSONValue] = [
            [
                "type": "TextBlock", "size": "Medium", "weight": "Bolder", "wrap": true,
                "color": .string(message.severity.cardColor), "text": .string(Dialect.markdown.escaped(message.title)),
            ],
            ["type": "FactSet", "facts": .array(facts(of: message))],
        ]
        // One block a line: line breaks within a block are markup, and lists differ from client to client.
        var page = Page(.markdown, within: TextLimit(4000, .bytes))
        page.append(message.sections)
        body += page.lines.prefix(60).map { line in
            ["type": "TextBlock", "wrap": true, "spacing": "None", "text": .string(line)]
        }
        return [
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
                        "body": .array(body),
                    ],
                ]
            ],
        ]
    }

    /// The facts that fit into 5,000 bytes.
    private func facts(of message: MessageText) -> [JSONValue] {
        var room = 5000
        return message.facts.compactMap { fact in
            let value = Dialect.markdown.escaped(fact.value)
            guard room >= value.utf8.count + fact.label.utf8.count else { return nil }
            room -= value.utf8.count + fact.label.utf8.count
            return ["title": .string(fact.label), "value": .string(value)]
        }
    }
}

extension MessageText.Severity {
    /// The colour's name in an adaptive card.
    fileprivate var cardColor: String {
        switch self {
        case .info: "Default"
        case .warning: "Warning"
        case .error: "Attention"
        }
    }
}
