/// Why an exchange gave no answer. Details are libcurl's words, without URL, header or body.
public enum TransportError: Error, Sendable, Equatable {
    /// The request's own time ran out.
    case timedOut(phase: Phase)
    /// The calling task was cancelled; not a failure of the other side.
    case cancelled
    /// The host name has no address.
    case unresolved(host: String)
    /// Nobody accepts connections there.
    case unreachable(detail: String)
    /// The TLS handshake failed, or the peer is not who it must be.
    case untrusted(detail: String)
    /// The connection or its HTTP/2 stream broke, or was abandoned, before the answer was whole.
    case connectionLost(detail: String)
    /// The answer is longer than the request allows.
    case bodyTooLarge(limit: Int)
    /// The sink wanted no more.
    case refusedBySink
    /// The other side does not speak its protocol properly.
    case garbled(detail: String)
    /// The mail server said no; 4xx codes are worth another try, 5xx are final (RFC 5321, 4.2.1). HTTP never fails with
    /// it.
    case mailRefused(code: Int)
    /// The request itself cannot be sent: a URL that is none, a scheme that is not allowed, a signature without
    /// credentials.
    case unsendable(detail: String)
    /// The transport was shut down.
    case closed

    /// How far an exchange had come when its time ran out.
    public enum Phase: Sendable, Equatable {
        /// No connection yet.
        case connecting
        /// Connected, no whole answer yet.
        case answering
    }
}
