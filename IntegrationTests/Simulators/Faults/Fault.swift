/// One way in which a service can fail to answer as it should.
public enum Fault: Sendable, Hashable {
    /// An empty answer with that status.
    case status(Int)
    /// A refusal that asks to come back after so many seconds.
    case retryLater(status: Int, seconds: Int)
    /// An error page of a proxy or load balancer, with that status.
    case html(Int)
    /// The error document of a query API, with status, code and message.
    case queryError(status: Int, code: String, message: String)
    /// That text with status 200, instead of what belongs there.
    case text(String)
    /// Status 200 and nothing in it.
    case empty
    /// Status 200 and bytes that are no text in any encoding.
    case garbage
    /// The right answer in UTF-16, declared as such.
    case wrongCharset
    /// Status 200 and that many bytes, sent without ever holding them.
    case huge(bytes: Int)
    /// The right answer, cut after that many bytes, while its length promises all of them.
    case truncated(after: Int)
    /// The right answer, one byte at a time with that pause before each.
    case slow(every: Duration)
    /// The right answer, after that time.
    case late(by: Duration)
    /// No answer, on a connection that stays open.
    case hang
    /// The connection closes without an answer.
    case drop
    /// The connection is never heard of again.
    case silence
}

extension Fault {
    /// The answer as this fault spoils it.
    func spoiling(_ honest: LabResponse) -> LabResponse {
        switch self {
        case .status(let status): .text(status, "")
        case .retryLater(let status, let seconds):
            LabResponse(
                status: status,
                headers: [
                    (name: "Retry-After", value: String(seconds)), (name: "Content-Type", value: "text/plain"),
                ],
                body: .bytes(Array("Too many requests, please try again later.\n".utf8)))
        case .html(let status): .html(status, title: "The server is on a break")
        case .queryError(let status, let code, let message):
            QueryAPI.autoScaling.failure(status, code: code, message: message, requestID: "fault")
        case .text(let text): .text(200, text)
        case .empty: .text(200, "")
        case .garbage:
            LabResponse(status: 200, body: .bytes([0xFF, 0xFE, 0x00, 0xD8, 0x80, 0xC0, 0xC1, 0xF5, 0x00, 0x7B, 0x22]))
        case .wrongCharset: honest.recoded()
        case .huge(let bytes): LabResponse(status: 200, body: .stream(.zeros(bytes)))
        case .truncated(let count): honest.rebodied { .truncated(Array($0.prefix(count)), declared: $0.count) }
        case .slow(let pause): honest.rebodied { .slow($0, every: pause) }
        case .late: honest
        case .hang: LabResponse(status: 200, fate: .hang)
        case .drop: LabResponse(status: 200, fate: .drop)
        case .silence: LabResponse(status: 200, fate: .silence)
        }
    }
}

extension LabResponse {
    /// An HTML page such as servers and proxies send with an error.
    static func html(_ status: Int, title: String) -> LabResponse {
        let page = """
            <?xml version="1.0" encoding="iso-8859-1"?>
            <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
            \t"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
            <html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
             <head>
              <title>\(status) - \(title)</title>
             </head>
             <body>
              <h1>\(status) - \(title)</h1>
             </body>
            </html>

            """
        return LabResponse(
            status: status, headers: [(name: "Content-Type", value: "text/html")], body: .bytes(Array(page.utf8)))
    }

    /// The same answer with another body made from its bytes; unchanged when its body is not plain bytes.
    fileprivate func rebodied(_ change: ([UInt8]) -> LabBody) -> LabResponse {
        guard case .bytes(let bytes) = body else { return self }
        var changed = self
        changed.body = change(bytes)
        return changed
    }

    /// The same text in UTF-16 with a byte order mark.
    fileprivate func recoded() -> LabResponse {
        guard case .bytes(let bytes) = body else { return self }
        var changed = self
        let units = [0xFEFF] + Array(String(decoding: bytes, as: UTF8.self).utf16)
        changed.body = .bytes(units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
        changed.headers.removeAll { $0.name.lowercased() == "content-type" }
        changed.headers.append((name: "Content-Type", value: "text/plain; charset=utf-16"))
        return changed
    }
}

extension AsyncStream<[UInt8]> {
    /// That many zeros in pieces of 64 KiB, all of which share one buffer.
    fileprivate static func zeros(_ total: Int) -> AsyncStream {
        let piece = [UInt8](repeating: UInt8(ascii: "0"), count: 1 << 16)
        let left = Countdown(total)
        return AsyncStream(unfolding: {
            let count = left.take(atMost: piece.count)
            if count == 0 { return nil }
            return count == piece.count ? piece : Array(piece.prefix(count))
        })
    }
}
