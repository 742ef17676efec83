/// What a request asks of the connection that carries it.
public struct ConnectionPolicy: Sendable, Hashable {
    /// Whether HTTP/2 is negotiated (ALPN) and requests share one connection; otherwise HTTP/1.1 with keep-alive.
    public var multiplexed: Bool
    /// Whether a proxy named by the environment may be used; metadata must never be asked through one.
    public var mayUseProxy: Bool

    /// HTTP/1.1 keep-alive, through a proxy when the environment names one.
    public static let shared = ConnectionPolicy(multiplexed: false, mayUseProxy: true)
    /// HTTP/1.1 keep-alive, never through a proxy: link-local services.
    public static let direct = ConnectionPolicy(multiplexed: false, mayUseProxy: false)
    /// HTTP/2 where the server offers it, all requests on one connection: the API server.
    public static let multiplexed = ConnectionPolicy(multiplexed: true, mayUseProxy: true)

    /// A policy from its parts.
    public init(multiplexed: Bool, mayUseProxy: Bool) {
        self.multiplexed = multiplexed
        self.mayUseProxy = mayUseProxy
    }
}
