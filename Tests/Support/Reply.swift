/// What a `LoopbackServer` does with one request.
public enum Reply: Sendable {
    /// A proper HTTP/1.1 answer with its length; `close` says `Connection: close` and means it.
    case answer(status: Int = 200, headers: [(String, String)] = [], body: String = "", close: Bool = false)
    /// These bytes as they are; then the connection stays open.
    case raw(String)
    /// These bytes as they are; then the connection is closed.
    case rawThenClose(String)
    /// These bytes one by one, with that pause between them, until they end or the client hangs up.
    case slowly(String, pause: Duration)
    /// The text once, then the piece over and over until the client hangs up.
    case endless(String, piece: String)
    /// Nothing, with the connection open, until the client hangs up.
    case hang
    /// Closes the connection without a word.
    case drop
}

extension LoopbackConnection {
    /// Carries out the reply; `false` ends the conversation.
    public func perform(_ reply: Reply) -> Bool {
        switch reply {
        case .answer(let status, let headers, let body, let close):
            var head = "HTTP/1.1 \(status) Scripted\r\nContent-Length: \(body.utf8.count)\r\n"
            for header in headers {
                head += "\(header.0): \(header.1)\r\n"
            }
            return write(head + (close ? "Connection: close\r\n" : "") + "\r\n" + body) && !close
        case .raw(let text): return write(text)
        case .rawThenClose(let text): return write(text) && false
        case .slowly(let text, let pause):
            return text.utf8.allSatisfy { byte in !peerHangsUp(within: pause) && write([byte]) }
        case .endless(let text, let piece):
            guard write(text) else { return false }
            while write(piece) {}
            return false
        case .hang:
            while !peerHangsUp(within: nil) {}
            return false
        case .drop: return false
        }
    }
}
