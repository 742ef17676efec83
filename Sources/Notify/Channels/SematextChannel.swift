public import Interruption
import JSON
public import Transport

/// Sematext events: https://sematext.com/docs/events/adding/ ; the app's token is in the path.
public struct SematextChannel: WebChannel {
    private let address: WebAddress
    private let scrubber: Scrubber

    init(address: WebAddress) {
        self.address = address
        scrubber = Scrubber(addresses: [address])
    }

    /// The channel of the settings; `nil` when there is none or it is malformed.
    static func configured(by settings: inout SettingsReader) -> SematextChannel? {
        settings.address("SEMATEXT_URL").map { SematextChannel(address: $0) }
    }

    /// `sematext`.
    public var name: String { "sematext" }
    /// Host and fingerprint of the receiver.
    public var redacted: String { address.redacted }
    /// `text` without the app's token.
    public func cleaned(_ text: String) -> String { scrubber.cleaned(text) }

    /// The message as an event.
    public func request(for notification: Notification) -> HTTPRequest {
        .posting(payload(for: notification), to: address.url)
    }

    /// Any 2xx is success.
    public func verdict(on response: HTTPResponse) -> Verdict {
        response.isSuccess
            ? .delivered("HTTP \(response.status)")
            : .failure(
                response, mend: "SEMATEXT_URL",
                [
                    401:
                        "the app's token in SEMATEXT_URL is not known; check it, and the region of the host (event-receiver.eu...)",
                    403:
                        "the app's token in SEMATEXT_URL is not known; check it, and the region of the host (event-receiver.eu...)",
                ])
    }

    /// The event: `type` and `message` are required. All events of one notice carry its key as a tag.
    func payload(for notification: Notification) -> JSONValue {
        let message = MessageText(notification)
        return [
            "timestamp": .string(notification.time.rfc3339.replacing("Z", with: ".000+0000")),
            "type": .string("node-interruption"),
            "title": .string(message.title),
            "message": .string(message.rendered(in: .plain, within: TextLimit(8000, .bytes), withTitle: false)),
            "severity": .string(message.severity.rawValue),
            "creator": "interruption-handler",
            "os.host": .string(notification.nodeName),
            "tags": .array(
                [
                    notification.name.rawValue, notification.notice?.kind.rawValue, notification.cluster,
                    notification.isRehearsal ? "dry-run" : nil,
                ]
                .compactMap { $0.map { .string($0) } } + [.string(notification.correlationKey())]),
        ]
    }
}
