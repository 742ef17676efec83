/// HTTP by libcurl: all requests of the process share one thread, one pool of connections, one cache of names.
///
/// HTTP/1.1 connections are kept and used again; requests under `ConnectionPolicy.multiplexed` share HTTP/2
/// connections. An idle transport costs nothing: its thread sleeps until it is asked.
public final class CurlTransport: HTTPTransport {
    private let driver: CurlDriver
    private let authorities: TLSTrust.Material?

    /// Starts the transport's thread; throws `unsendable` if the system gives none.
    ///
    /// `authorities` are trusted instead of the system's by requests that name none.
    public init(authorities: TLSTrust.Material? = nil) throws(TransportError) {
        self.authorities = authorities
        driver = try CurlDriver(threadName: "transport")
    }

    /// Makes the exchange and returns the whole answer, whatever its status.
    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        try await driver.perform(.http(trusting(request), sink: nil)).get()
    }

    /// Makes the exchange, and again without leaving the transport's thread for as long as the repetition says.
    public func send(
        _ request: HTTPRequest, repeating repetition: Repetition
    ) async throws(TransportError) -> HTTPResponse {
        try await driver.perform(.http(trusting(request), sink: nil), repeating: repetition).get()
    }

    /// Makes the exchange and hands the body of a 2xx answer to `sink` as it arrives, on the transport's thread.
    public func stream(_ request: HTTPRequest, to sink: any BodySink) async throws(TransportError) -> HTTPResponse {
        try await driver.perform(.http(trusting(request), sink: sink)).get()
    }

    /// Closes kept connections and frees their memory, unless something is in flight: for a process that may do nothing much for months.
    public func rest() {
        driver.rest()
    }

    /// Runs tasks on the transport's thread, so that polling wakes no other: for work that never blocks and is soon over.
    ///
    /// After `close` such tasks go on in the shared pool.
    public var executor: any TaskExecutor { driver.executor }

    /// Waits that long by the transport's own thread, suspended time included; throws when the task is cancelled first, or the transport
    /// closed.
    public func pause(for duration: Duration) async throws(CancellationError) {
        guard await driver.pause(for: duration) else { throw CancellationError() }
    }

    /// Fails what is in flight to that origin with `connectionLost` and cuts its connections, silent ones and idle ones
    /// alike.
    public func abandonConnections(to origin: String) {
        guard let parts = URLParts(origin) else { return }
        driver.abandonConnections(to: parts.comparableOrigin)
    }

    /// Fails what is in flight, and every later request, with `closed`; returns when the thread has ended.
    public func close() {
        driver.close()
    }

    private func trusting(_ request: HTTPRequest) -> HTTPRequest {
        var request = request
        request.trust = request.trust.falling(backOn: authorities)
        return request
    }
}
