public import Interruption
public import Transport

/// PushBear and what is compatible with it: `GET <url>?sendkey=&text=&desp=`. PushBear itself no longer delivers.
public struct PushBearChannel: WebChannel {
    private let address: WebAddress
    private let key: Secret?
    private let scrubber: Scrubber

    /// A channel; without `key` the address has it already.
    init(address: WebAddress, key: Secret?) {
        self.address = address
        self.key = key
        scrubber = Scrubber(addresses: [address], keys: key.map { [$0] } ?? [])
    }

    /// `wechat`.
    public var name: String { "wechat" }
    /// Host and fingerprint of the address.
    public var redacted: String { address.redacted }
    /// `text` without the key.
    public func cleaned(_ text: String) -> String { scrubber.cleaned(text) }

    /// The message in the query, short enough that the URL stays below 8 KB when every byte is percent-encoded.
    public func request(for notification: Notification) -> HTTPRequest {
        let message = MessageText(notification)
        let items = [
            ("sendkey", key?.reveal()),
            ("text", TextLimit(240, .bytes).clipped(message.title)),
            ("desp", message.rendered(in: .plain, within: TextLimit(1500, .bytes))),
        ]
        return HTTPRequest(
            method: .get,
            url: address.appending(query: items.compactMap { name, value in value.map { (name, $0) } }))
    }

    /// Success is `code` 0, whatever the status.
    public func verdict(on response: HTTPResponse) -> Verdict {
        .ofCode(response, ofSuccess: 0, mend: "WECHAT_KEY")
    }
}
