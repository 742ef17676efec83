/// How a simulator's server listens.
public struct LabServerConfiguration: Sendable {
    /// The addresses to listen on, all with the same port; `::1` adds IPv6.
    public var addresses: [String]
    /// The port, or 0 for any free one.
    public var port: Int
    /// Certificates for HTTPS; nil serves plain HTTP.
    public var certificates: LabCertificates?
    /// Whether HTTPS offers HTTP/2 beside HTTP/1.1.
    public var offersHTTP2: Bool
    /// Whether HTTPS asks clients for a certificate of its own authority.
    public var clientCertificates: ClientCertificates
    /// Whether HTTP/1.1 connections are closed after every answer, as instance metadata services usually do.
    public var closesAfterAnswer: Bool
    /// How many HTTP/2 streams a client may have open on one connection; Go's servers allow 250, API servers 100.
    public var concurrentStreams: Int
    /// How the pauses of slow bodies are waited for.
    public var pauses: any Clock<Duration>
    /// Whether HTTPS speaks TLS 1.1 and nothing newer, which no client should accept any more (RFC 8996).
    public var isStuckAtTLS11 = false

    /// What is asked of the client during the TLS handshake.
    public enum ClientCertificates: Sendable {
        /// Nothing.
        case none
        /// A certificate, which may be missing.
        case optional
        /// A certificate, without which the handshake fails.
        case required
    }

    /// Plain HTTP on a free loopback port, unless told otherwise.
    public init(
        addresses: [String] = ["127.0.0.1"],
        port: Int = 0,
        certificates: LabCertificates? = nil,
        offersHTTP2: Bool = true,
        clientCertificates: ClientCertificates = .none,
        closesAfterAnswer: Bool = false,
        concurrentStreams: Int = 100,
        pauses: any Clock<Duration> = ContinuousClock()
    ) {
        self.addresses = addresses
        self.port = port
        self.certificates = certificates
        self.offersHTTP2 = offersHTTP2
        self.clientCertificates = clientCertificates
        self.closesAfterAnswer = closesAfterAnswer
        self.concurrentStreams = concurrentStreams
        self.pauses = pauses
    }
}
