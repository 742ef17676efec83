/// How a TLS peer is verified (always, TLS 1.2 at least) and what we present to it.
public struct TLSTrust: Sendable, Hashable {
    /// Authorities to trust instead of the system's.
    public var authorities: Material?
    /// Our certificate, for servers that know us by it.
    public var clientCertificate: Material?
    /// The key of `clientCertificate`.
    public var clientKey: Material?
    /// The name to verify (and to send as SNI) instead of the URL's host.
    public var serverName: String?

    /// PEM text, on disk (re-read for each connection) or in memory.
    public enum Material: Sendable, Hashable {
        /// A path of a PEM file.
        case file(String)
        /// PEM text.
        case pem(Secret)
    }

    /// The system's certificate authorities, no client certificate.
    public static let system = TLSTrust()

    /// Trust from its parts.
    public init(
        authorities: Material? = nil,
        clientCertificate: Material? = nil,
        clientKey: Material? = nil,
        serverName: String? = nil
    ) {
        self.authorities = authorities
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
        self.serverName = serverName
    }

    /// The same trust, with `authorities` where it names none.
    func falling(backOn authorities: Material?) -> TLSTrust {
        var trust = self
        trust.authorities = trust.authorities ?? authorities
        return trust
    }
}
