public import Interruption
import JSON
public import Transport

/// A WeCom (WeChat Work) group robot: https://developer.work.weixin.qq.com/document/path/91770 ; 20 messages a minute
/// for each robot.
public struct WeComChannel: WebChannel {
    private let address: WebAddress
    private let scrubber: Scrubber

    init(address: WebAddress) {
        self.address = address
        scrubber = Scrubber(addresses: [address])
    }

    /// `wechat`.
    public var name: String { "wechat" }
    /// Host and fingerprint of the robot.
    public var redacted: String { address.redacted }
    /// `text` without the robot's key.
    public func cleaned(_ text: String) -> String { scrubber.cleaned(text) }

    /// The message as plain text.
    public func request(for notification: Notification) -> HTTPRequest {
        .posting(payload(for: notification), to: address.url)
    }

    /// WeCom answers 200 whatever happens; `errcode` 0 is success, and the codes are at
    /// https://developer.work.weixin.qq.com/document/path/90313 .
    public func verdict(on response: HTTPResponse) -> Verdict {
        guard response.isSuccess else { return .failure(response, mend: "WECHAT_URL") }
        guard let code = response.json?["errcode"]?.int else {
            return .refused("\(response.answerWords): not an answer of WeCom; check WECHAT_URL")
        }
        let answer = "errcode \(code) \(response.json?["errmsg"]?.string ?? "")".singleLine
        switch code {
        case 0: return .delivered(answer)
        case -1: return .tryAgain(after: nil, "\(answer): busy")
        case 45009, 45033: return .tryAgain(after: .seconds(20), "\(answer): a robot may send 20 messages a minute")
        case 93000, 93008:
            return .refused("\(answer): the robot's key is not valid or the robot was removed; check WECHAT_URL")
        default: return .refused("\(answer): check WECHAT_URL and WECHAT_KEY")
        }
    }

    /// The message: at most 2,048 bytes of text.
    func payload(for notification: Notification) -> JSONValue {
        let text = MessageText(notification).rendered(in: .plain, within: TextLimit(2048, .bytes))
        return ["msgtype": "text", "text": ["content": .string(text)]]
    }
}
