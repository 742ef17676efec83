import TestSupport
import Transport

/// Runs the body with a transport and a scripted server, and ends both.
func withServer(
    _ reply: @escaping @Sendable (ReceivedRequest) -> Reply,
    _ body: (CurlTransport, LoopbackServer) async throws -> Void
) async throws {
    try await withServer(LoopbackServer(reply), body)
}

/// Runs the body with a transport and that server, and ends both.
func withServer(_ server: LoopbackServer, _ body: (CurlTransport, LoopbackServer) async throws -> Void) async throws {
    let transport = try CurlTransport()
    defer {
        transport.close()
        server.stop()
    }
    try await body(transport, server)
}

/// The error of a call that must fail with one; `nil` if it succeeds.
func failure(of call: () async throws(TransportError) -> HTTPResponse) async -> TransportError? {
    do throws(TransportError) {
        _ = try await call()
        return nil
    } catch {
        return error
    }
}

extension HTTPRequest {
    /// A request to that server.
    static func to(
        _ server: LoopbackServer, _ path: String = "/", method: HTTPMethod = .get, timeout: Duration? = .seconds(30)
    ) -> HTTPRequest {
        HTTPRequest(method: method, url: Secret(server.url + path), timeout: timeout)
    }
}
