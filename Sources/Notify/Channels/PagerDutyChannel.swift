public import Interruption
import JSON
public import Transport

/// PagerDuty's Events API v2: https://developer.pagerduty.com/docs/send-alert-event
///
/// The notice triggers an incident; the outcome, or the withdrawal, resolves it. Both share a `dedup_key` of machine
/// and notice.
public struct PagerDutyChannel: WebChannel {
    /// Where events go in the United States; Europe's is `https://events.eu.pagerduty.com/v2/enqueue`.
    static let usualAddress = "https://events.pagerduty.com/v2/enqueue"

    private let address: WebAddress
    private let routingKey: Secret
    private let scrubber: Scrubber

    init(address: WebAddress, routingKey: Secret) {
        self.address = address
        self.routingKey = routingKey
        scrubber = Scrubber(keys: [routingKey])
    }

    /// The channel of the settings; `nil` when there is none or it is malformed.
    static func configured(by settings: inout SettingsReader) -> PagerDutyChannel? {
        let address = settings.address("PAGERDUTY_URL", fallback: usualAddress)
        guard let key = settings.secret("PAGERDUTY_ROUTING_KEY") else {
            settings.warn("PAGERDUTY_URL", unusedWithout: "PAGERDUTY_ROUTING_KEY")
            return nil
        }
        return address.map { PagerDutyChannel(address: $0, routingKey: key) }
    }

    /// `pagerduty`.
    public var name: String { "pagerduty" }
    /// Yes.
    public var raisesIncidents: Bool { true }
    /// Host and a fingerprint of the routing key.
    public var redacted: String { "\(address.host)#\(Fingerprint.short(routingKey))" }
    /// `text` without the routing key.
    public func cleaned(_ text: String) -> String { scrubber.cleaned(text) }

    /// The message as an event.
    public func request(for notification: Notification) -> HTTPRequest {
        .posting(payload(for: notification), to: address.url)
    }

    /// 202 is success, 400 final, 429 and 5xx worth another try.
    public func verdict(on response: HTTPResponse) -> Verdict {
        if response.status == 202 {
            return .delivered("HTTP 202 \(response.json?["message"]?.string ?? "")".singleLine)
        }
        if response.status == 400, let json = response.json {
            let errors = (json["errors"]?.elements ?? []).compactMap(\.string)
            let words = ([json["message"]?.string].compactMap { $0 } + errors).joined(separator: ": ")
            return .refused(
                "HTTP 400 \(words): check PAGERDUTY_ROUTING_KEY, the key of an Events API v2 integration".singleLine)
        }
        return .failure(response, mend: "PAGERDUTY_ROUTING_KEY")
    }

    /// The event: `summary` of at most 1,024 characters, `dedup_key` of at most 255, 512 KB in all.
    func payload(for notification: Notification) -> JSONValue {
        let message = MessageText(notification)
        var details = message.facts.map { JSONValue.Member(name: $0.label, value: .string($0.value)) }
        details += message.sections.map { section in
            let more = section.total - section.items.prefix(100).count
            let items = section.items.prefix(100).map { JSONValue.string($0) }
            return .init(
                name: "\(section.heading) (\(section.total))",
                value: .array(items + (more > 0 ? [.string("and \(more) more")] : [])))
        }
        return [
            "routing_key": .string(routingKey.reveal()),
            "event_action": .string(notification.name.action),
            "dedup_key": .string(notification.correlationKey()),
            "client": "interruption-handler",
            "payload": [
                "summary": .string(TextLimit(1024, .utf16).clipped(message.title)),
                "source": .string(notification.nodeName),
                "severity": .string(message.severity.rawValue),
                "timestamp": .string(notification.time.rfc3339),
                "component": notification.machine.instanceID.map { .string($0) },
                "group": notification.cluster.map { .string($0) },
                "class": .string(notification.notice?.kind.rawValue ?? "test"),
                "custom_details": .object(details),
            ],
        ]
    }
}

extension NotificationName {
    /// What PagerDuty is asked to do with the incident.
    fileprivate var action: String {
        switch self {
        case .seen, .test: "trigger"
        case .outcome, .withdrawn: "resolve"
        }
    }
}
