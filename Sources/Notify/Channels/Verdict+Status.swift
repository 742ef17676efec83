import JSON
import Transport

extension Verdict {
    /// What a status means that is no success: 429, 408, 425 and 5xx may work later, the rest is final.
    ///
    /// `variable` names the setting that a person would mend; `mending` says how, by status.
    static func failure(_ response: HTTPResponse, mend variable: String, _ mending: [Int: String] = [:]) -> Verdict {
        let answer = response.answerWords
        switch response.status {
        case 429: return .tryAgain(after: response.retryAfter, "\(answer): it asks us to send less often")
        case 408, 425, 500...599: return .tryAgain(after: response.retryAfter, "\(answer): trouble on the other side")
        case 300..<400:
            return .refused("\(answer): redirects are not followed; set \(variable) to the final address")
        default:
            let hint = mending[response.status] ?? hint(for: response.status, variable)
            return .refused("\(answer): \(hint)")
        }
    }

    private static func hint(for status: Int, _ variable: String) -> String {
        switch status {
        case 401, 403: "the key in \(variable) is not accepted; make a new one there and set it"
        case 404, 410: "nothing is there; check \(variable), the other side may have removed it"
        case 405: "the method is not accepted there; check \(variable)"
        case 413: "the message is too long for it"
        case 200..<300: "not the answer of this service; check \(variable)"
        default: "it does not accept the message; check \(variable)"
        }
    }
}

extension HTTPResponse {
    /// The start of the body as text.
    var text: String {
        String(decoding: body.prefix(16 << 10), as: UTF8.self)
    }

    /// The body as JSON; `nil` when it is none.
    var json: JSONValue? {
        JSONValue(reading: body)
    }

    /// The status and what the body says, on one line.
    var answerWords: String {
        let text = text.singleLine
        if text.isEmpty { return "HTTP \(status)" }
        if text.lowercased().hasPrefix("<!doctype html") || text.lowercased().hasPrefix("<html") {
            return "HTTP \(status) with a web page"
        }
        return "HTTP \(status) \(text)"
    }
}

extension HTTPRequest {
    /// A POST of a JSON document.
    static func posting(_ document: JSONValue, to url: Secret) -> HTTPRequest {
        HTTPRequest(
            method: .post, url: url, headers: ["Content-Type": "application/json; charset=utf-8"], body: document.bytes)
    }
}
