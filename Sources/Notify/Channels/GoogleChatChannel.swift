public import Interruption
import JSON
public import Transport

/// Google Chat's space webhooks (formerly Hangouts Chat):
/// https://developers.google.com/workspace/chat/quickstart/webhooks
///
/// Messages of one notice share a thread:
/// https://developers.google.com/workspace/chat/create-messages#create-message-thread
public struct GoogleChatChannel: WebChannel {
    private let address: WebAddress
    private let scrubber: Scrubber

    init(address: WebAddress) {
        self.address = address
        scrubber = Scrubber(addresses: [address])
    }

    /// The channel of the settings; `nil` when there is none or it is malformed.
    static func configured(by settings: inout SettingsReader) -> GoogleChatChannel? {
        let new = settings.address("GOOGLE_CHAT_URL")
        let old = settings.address("HANGOUTS_URL")
        if let new, let old, new != old {
            settings.reject(
                "HANGOUTS_URL", "differs from GOOGLE_CHAT_URL, which is the same channel's newer name; set only one")
        }
        return (new ?? old).map { GoogleChatChannel(address: $0) }
    }

    /// `google-chat`.
    public var name: String { "google-chat" }
    /// Host and fingerprint of the webhook.
    public var redacted: String { address.redacted }
    /// `text` without the webhook's secrets.
    public func cleaned(_ text: String) -> String { scrubber.cleaned(text) }

    /// The message in its notice's thread; a space without threads shows it as a new one.
    public func request(for notification: Notification) -> HTTPRequest {
        let isAsked = address.query.contains { $0.name == "messageReplyOption" }
        let url =
            isAsked
            ? address.url
            : address.appending(query: [("messageReplyOption", "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD")])
        return .posting(payload(for: notification), to: url)
    }

    /// Google answers 200 with the message; an error object counts as one whatever the status.
    public func verdict(on response: HTTPResponse) -> Verdict {
        guard response.isSuccess else {
            return .failure(
                response, mend: "GOOGLE_CHAT_URL",
                [
                    400:
                        "Google Chat does not accept the message or the key; check GOOGLE_CHAT_URL, with key= and token=",
                    403: "the webhook was removed or may not post; make a new one and set GOOGLE_CHAT_URL",
                ])
        }
        guard let json = response.json else {
            return .refused("\(response.answerWords): not an answer of Google Chat; check GOOGLE_CHAT_URL")
        }
        if let error = json["error"] {
            return .refused("HTTP \(response.status) with an error: \(error["message"]?.string ?? error.text)")
        }
        return .delivered("HTTP \(response.status)")
    }

    /// The message: at most 4,096 characters of text.
    func payload(for notification: Notification) -> JSONValue {
        [
            "text": .string(MessageText(notification).rendered(in: .googleChat, within: TextLimit(4000, .utf16))),
            "thread": ["threadKey": .string(notification.correlationKey())],
        ]
    }
}
