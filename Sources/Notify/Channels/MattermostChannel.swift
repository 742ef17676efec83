public import Interruption
import JSON
public import Transport

/// Mattermost's incoming webhooks: https://developers.mattermost.com/integrate/webhooks/incoming/
///
/// Name and picture are honoured when the server allows it, the channel unless the webhook is locked to one.
public struct MattermostChannel: WebChannel {
    private let address: WebAddress
    private let channel: String?
    private let username: String?
    private let iconURL: String?
    private let scrubber: Scrubber

    init(address: WebAddress, channel: String? = nil, username: String? = nil, iconURL: String? = nil) {
        self.address = address
        self.channel = channel
        self.username = username
        self.iconURL = iconURL
        scrubber = Scrubber(addresses: [address])
    }

    /// The channel of the settings; `nil` when there is none or it is malformed.
    static func configured(by settings: inout SettingsReader) -> MattermostChannel? {
        let channel = settings.text("MATTERMOST_CHANNEL")
        let username = settings.text("MATTERMOST_USERNAME")
        let icon = settings.address("MATTERMOST_ICON_URL")
        guard let address = settings.address("MATTERMOST_WEBHOOK") else {
            for name in ["MATTERMOST_CHANNEL", "MATTERMOST_USERNAME", "MATTERMOST_ICON_URL"] {
                settings.warn(name, unusedWithout: "MATTERMOST_WEBHOOK")
            }
            return nil
        }
        return MattermostChannel(address: address, channel: channel, username: username, iconURL: icon?.url.reveal())
    }

    /// `mattermost`.
    public var name: String { "mattermost" }
    /// Host and fingerprint of the webhook.
    public var redacted: String { address.redacted }
    /// `text` without the webhook's secrets.
    public func cleaned(_ text: String) -> String { scrubber.cleaned(text) }

    /// The message in Markdown.
    public func request(for notification: Notification) -> HTTPRequest {
        .posting(payload(for: notification), to: address.url)
    }

    /// Mattermost answers 200 with `ok`; a login page in front of it answers 200 too.
    public func verdict(on response: HTTPResponse) -> Verdict {
        guard response.isSuccess else {
            return .failure(
                response, mend: "MATTERMOST_WEBHOOK",
                [
                    400: "check that MATTERMOST_WEBHOOK is a webhook that still exists",
                    403: "the webhook may not post there; check MATTERMOST_CHANNEL and the webhook's channel lock",
                    404: "no such channel or webhook; check MATTERMOST_CHANNEL and MATTERMOST_WEBHOOK",
                ])
        }
        return .ofPlainOK(response, mend: "MATTERMOST_WEBHOOK")
    }

    /// The webhook's document: at most 16,383 characters a post; longer ones would be cut into several.
    func payload(for notification: Notification) -> JSONValue {
        let text = MessageText(notification).rendered(in: .mattermost, within: TextLimit(16_000, .utf16))
        return [
            "text": .string(text),
            "channel": channel.map { .string($0) },
            "username": username.map { .string($0) },
            "icon_url": iconURL.map { .string($0) },
        ]
    }
}
