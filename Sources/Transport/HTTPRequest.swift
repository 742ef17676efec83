/// One HTTP exchange to be made, bounded in time and bytes. Printing it never shows the URL's path, query, any header
/// value or the body.
public struct HTTPRequest: Sendable {
    /// The request's verb.
    public var method: HTTPMethod
    /// The whole URL, `http` or `https` only; a secret because some carry keys.
    public var url: Secret
    /// Headers in the order in which they are sent.
    public var headers: HTTPHeaders
    /// The body; `nil` sends none.
    public var body: [UInt8]?
    /// Time for the whole exchange; `nil` only for a stream that ends by itself (a watch).
    public var timeout: Duration?
    /// Time to connect, looking up the name and TLS included.
    public var connectTimeout: Duration
    /// Most bytes of answer body that are collected; more ends the exchange with `bodyTooLarge`.
    public var bodyLimit: Int
    /// Which connection may carry it.
    public var connection: ConnectionPolicy
    /// How the other side is verified and how we identify ourselves.
    public var trust: TLSTrust
    /// AWS Signature Version 4, made by libcurl; `nil` sends the request unsigned.
    public var signature: AWSSignature?

    /// A request with the house's bounds: 10 s in all, 2 s to connect, 1 MiB of answer.
    public init(
        method: HTTPMethod = .get,
        url: Secret,
        headers: HTTPHeaders = [:],
        body: [UInt8]? = nil,
        timeout: Duration? = .seconds(10),
        connectTimeout: Duration = .seconds(2),
        bodyLimit: Int = 1 << 20,
        connection: ConnectionPolicy = .shared,
        trust: TLSTrust = .system,
        signature: AWSSignature? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.bodyLimit = bodyLimit
        self.connection = connection
        self.trust = trust
        self.signature = signature
    }

    /// Scheme, host and port as the URL spells them, without user information; safe to print.
    public var origin: String {
        URLParts(url.reveal())?.origin ?? "[no origin]"
    }
}

/// The verbs that we send.
public enum HTTPMethod: String, Sendable {
    case get = "GET"
    case put = "PUT"
    case post = "POST"
    case patch = "PATCH"
    case delete = "DELETE"
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The verb and the host, nothing that could be secret.
    public var description: String { "\(method.rawValue) \(origin)" }
    /// The same as `description`.
    public var debugDescription: String { description }
    /// What may be dumped: sizes and names, neither URL nor values nor body.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "method": method.rawValue,
                "origin": origin,
                "headerNames": headers.fields.map(\.name),
                "bodyBytes": body?.count ?? 0,
                "isSigned": signature != nil,
            ]
        )
    }
}
