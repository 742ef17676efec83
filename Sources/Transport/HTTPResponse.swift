/// An answer: status, headers and the whole body.
public struct HTTPResponse: Sendable {
    /// The status code.
    public var status: Int
    /// The answer's headers.
    public var headers: HTTPHeaders
    /// The body; empty when it went to a sink.
    public var body: [UInt8]
    /// Whether the exchange ran over HTTP/2.
    public var isHTTP2: Bool

    /// An answer from its parts.
    public init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = [], isHTTP2: Bool = false) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isHTTP2 = isHTTP2
    }

    /// Whether the status is 2xx.
    public var isSuccess: Bool { (200..<300).contains(status) }

    /// How long the server asks us to wait: the seconds form of `Retry-After`; `nil` when absent, a date, or not a
    /// number.
    ///
    /// Bounded to one day, so that no answer can put us to sleep for good. A date is not read: it would need the
    /// server's clock to be ours.
    public var retryAfter: Duration? {
        guard let text = headers["Retry-After"], !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else {
            return nil
        }
        return .seconds(min(Int(text) ?? .max, 86_400))
    }
}

extension HTTPResponse: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The status and the size of the body; a body may be a token.
    public var description: String { "\(status), \(body.count) bytes" }
    /// The same as `description`.
    public var debugDescription: String { description }
    /// What may be dumped: no values and no body.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "status": status, "headerNames": headers.fields.map(\.name), "bodyBytes": body.count,
                "isHTTP2": isHTTP2,
            ]
        )
    }
}
