/// One HTTP exchange at a time per call, any number of calls at once.
///
/// Cancelling the calling task ends the exchange promptly with `cancelled`.
public protocol HTTPTransport: Sendable {
    /// Makes the exchange and returns the whole answer, whatever its status.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse

    /// As `send`, but made again for as long as the repetition says; each exchange is bounded in time by itself. A transport that cannot
    /// repeat makes it once.
    func send(_ request: HTTPRequest, repeating repetition: Repetition) async throws(TransportError) -> HTTPResponse

    /// Makes the exchange and hands the body of a 2xx answer to `sink` as it arrives; returns when the body has ended.
    ///
    /// `bodyLimit` does not apply to what goes to the sink: it bounds the stream itself. The body of any other status
    /// is collected within the limit and returned, as in `send`.
    func stream(_ request: HTTPRequest, to sink: any BodySink) async throws(TransportError) -> HTTPResponse

    /// Makes later requests to that origin (`https://host:port`) use fresh connections, and fails with `connectionLost`
    /// what is still in flight to it: for a connection that went silent without closing.
    func abandonConnections(to origin: String)
}

extension HTTPTransport {
    /// Makes the exchange once.
    public func send(
        _ request: HTTPRequest, repeating repetition: Repetition
    ) async throws(TransportError) -> HTTPResponse {
        try await send(request)
    }
}

/// Takes a streamed body, piece by piece, on the transport's own thread: quick, synchronous work only.
public protocol BodySink: Sendable {
    /// The head of a 2xx answer, before its first piece and even if no piece ever comes; answering `false` ends the
    /// exchange with `refusedBySink`.
    func begin(_ head: HTTPResponse) -> Bool

    /// One piece of the body; answering `false` ends the exchange with `refusedBySink`.
    func receive(_ bytes: [UInt8]) -> Bool
}

extension BodySink {
    /// Accepts any head.
    public func begin(_ head: HTTPResponse) -> Bool { true }
}
