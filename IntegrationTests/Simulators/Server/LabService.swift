/// One request as a simulator sees it, already decoded from HTTP/1.1 or HTTP/2.
public struct LabRequest: Sendable {
    /// The method, upper case as it was sent.
    public var method: String
    /// The path, percent-decoded, without the query.
    public var path: String
    /// The query's pairs, decoded, in the order they were sent.
    public var query: [(name: String, value: String)]
    /// The header fields, in the order they were sent.
    public var headers: [(name: String, value: String)]
    /// The whole body.
    public var body: [UInt8]
    /// Whether the request came over HTTP/2.
    public var isHTTP2: Bool
    /// Which TCP connection of the server carried it, counted from 1.
    public var connectionNumber: Int

    /// A request with all its parts.
    public init(
        method: String,
        path: String,
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        isHTTP2: Bool = false,
        connectionNumber: Int = 1
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.isHTTP2 = isHTTP2
        self.connectionNumber = connectionNumber
    }

    /// The first header field of that name, whatever its case; nil when there is none.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// The first query value of exactly that name; nil when there is none.
    public func queryValue(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }
}

/// What a simulator sends after the head of its answer.
public enum LabBody: Sendable {
    /// All bytes at once, with a Content-Length.
    case bytes([UInt8])
    /// Chunks (HTTP/1.1) or data frames (HTTP/2) until the stream ends; the stream is terminated when the client goes
    /// away.
    case stream(AsyncStream<[UInt8]>)
    /// One byte at a time, with that pause before each.
    case slow([UInt8], every: Duration)
    /// Fewer bytes than the Content-Length declares, then the end of the connection.
    case truncated([UInt8], declared: Int)
}

/// A simulator's answer to one request.
public struct LabResponse: Sendable {
    /// The HTTP status.
    public var status: Int
    /// The header fields, in the order they are sent.
    public var headers: [(name: String, value: String)]
    /// What follows the head.
    public var body: LabBody
    /// What becomes of the answer.
    public var fate: Fate

    /// What becomes of an answer on the wire.
    public enum Fate: Sendable {
        /// It is sent.
        case answer
        /// It is never sent; the connection stays open.
        case hang
        /// The connection (or the HTTP/2 stream) is closed without an answer.
        case drop
        /// The whole connection goes silent: nothing is ever sent on it again, not even to other streams.
        case silence
    }

    /// An answer with all its parts.
    public init(
        status: Int,
        headers: [(name: String, value: String)] = [],
        body: LabBody = .bytes([]),
        fate: Fate = .answer
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.fate = fate
    }

    /// An answer of type `application/json`.
    public static func json(_ status: Int, _ text: String) -> LabResponse {
        LabResponse(
            status: status, headers: [(name: "Content-Type", value: "application/json")], body: .bytes(Array(text.utf8))
        )
    }

    /// An answer of type `text/plain`.
    public static func text(_ status: Int, _ text: String) -> LabResponse {
        LabResponse(
            status: status, headers: [(name: "Content-Type", value: "text/plain")], body: .bytes(Array(text.utf8)))
    }
}

/// Something that answers requests: a simulated API.
public protocol LabService: Sendable {
    /// The answer to one request; called once per request, concurrently for requests of different streams.
    func respond(to request: LabRequest) async -> LabResponse
}
