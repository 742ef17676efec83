public import Interruption
import JSON
public import Transport

/// ServerChan (Turbo and the third edition), which shows messages in WeChat: https://sct.ftqq.com/ ; the key is in the
/// path.
public struct ServerChanChannel: WebChannel {
    private let address: WebAddress
    private let scrubber: Scrubber

    init(address: WebAddress, key: Secret? = nil) {
        self.address = address
        scrubber = Scrubber(addresses: [address], keys: key.map { [$0] } ?? [])
    }

    /// `wechat`.
    public var name: String { "wechat" }
    /// Host and fingerprint of the address.
    public var redacted: String { address.redacted }
    /// `text` without the key.
    public func cleaned(_ text: String) -> String { scrubber.cleaned(text) }

    /// The message with a short title and Markdown.
    public func request(for notification: Notification) -> HTTPRequest {
        .posting(payload(for: notification), to: address.url)
    }

    /// Success is `code` 0, whatever the status.
    public func verdict(on response: HTTPResponse) -> Verdict {
        .ofCode(response, ofSuccess: 0, mend: "WECHAT_KEY")
    }

    /// The message: a title of at most 32 characters, Markdown of at most 32 KB.
    func payload(for notification: Notification) -> JSONValue {
        let message = MessageText(notification)
        var page = Page(.markdown, within: TextLimit(16 << 10, .bytes))
        page.append(title: message.title)
        page.append(facts: message.facts)
        page.append(message.sections)
        // Markdown joins lines that have no empty one between them.
        return ["title": .string(message.headline), "desp": .string(page.lines.joined(separator: "\n\n"))]
    }
}

extension Verdict {
    /// The verdict on an answer that tells success by a `code` in its JSON.
    static func ofCode(_ response: HTTPResponse, ofSuccess success: Int, mend variable: String) -> Verdict {
        let code = response.json.flatMap { $0["code"] ?? $0["errno"] }?.int
        let words = (response.json?["message"] ?? response.json?["info"] ?? response.json?["errmsg"])?.string ?? ""
        guard let code else {
            guard response.isSuccess else { return .failure(response, mend: variable) }
            return .refused("\(response.answerWords): no `code` in the answer; check WECHAT_URL")
        }
        let answer = "HTTP \(response.status) code \(code) \(words)".singleLine
        if response.isSuccess, code == success { return .delivered(answer) }
        if response.status == 429 || response.status >= 500 { return .tryAgain(after: response.retryAfter, answer) }
        return .refused("\(answer): check \(variable)")
    }
}
