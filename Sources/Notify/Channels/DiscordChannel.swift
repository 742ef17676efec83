public import Interruption
import JSON
public import Transport

/// Discord's webhooks: https://discord.com/developers/docs/resources/webhook#execute-webhook
public struct DiscordChannel: WebChannel {
    private let address: WebAddress
    private let scrubber: Scrubber

    init(address: WebAddress) {
        self.address = address
        scrubber = Scrubber(addresses: [address])
    }

    /// The channel of the settings; `nil` when there is none or it is malformed.
    static func configured(by settings: inout SettingsReader) -> DiscordChannel? {
        guard let address = settings.address("DISCORD_URL") else { return nil }
        if address.path.hasSuffix("/slack") || address.path.hasSuffix("/github") {
            settings.reject("DISCORD_URL", "ends in /slack or /github, which take other messages; leave that part out")
            return nil
        }
        return DiscordChannel(address: address)
    }

    /// `discord`.
    public var name: String { "discord" }
    /// Host and fingerprint of the webhook.
    public var redacted: String { address.redacted }
    /// `text` without the webhook's token.
    public func cleaned(_ text: String) -> String { scrubber.cleaned(text) }

    /// The message in Markdown, mentioning nobody.
    public func request(for notification: Notification) -> HTTPRequest {
        .posting(payload(for: notification), to: address.url)
    }

    /// 204, or 200 with `?wait=true`; a 429 says in its body, to the millisecond, when to come back.
    public func verdict(on response: HTTPResponse) -> Verdict {
        if response.status == 204 || response.status == 200 && response.json?["id"] != nil {
            return .delivered("HTTP \(response.status)")
        }
        if response.status == 429 {
            let seconds = response.json?["retry_after"]?.number.flatMap { $0 >= 0 && $0 < 86_400 ? $0 : nil }
            return .tryAgain(
                after: seconds.map { .milliseconds(Int(($0 * 1000).rounded(.up))) } ?? response.retryAfter,
                "HTTP 429: it asks us to send less often")
        }
        return .failure(
            response, mend: "DISCORD_URL",
            [
                401: "the webhook's token is not accepted; copy its whole address into DISCORD_URL",
                404: "the webhook was removed; make a new one and set DISCORD_URL",
            ])
    }

    /// The message: at most 2,000 characters.
    func payload(for notification: Notification) -> JSONValue {
        [
            "content": .string(MessageText(notification).rendered(in: .markdown, within: TextLimit(2000, .utf16))),
            "allowed_mentions": ["parse": []],
        ]
    }
}
