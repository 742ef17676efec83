public import Transport

/// Who we are to the API server; an empty one is anonymous.
public struct Identity: Sendable, Hashable {
    /// Sent as bearer token.
    public var token: Secret?
    /// Presented in the TLS handshake.
    public var certificate: TLSTrust.Material?
    /// The key of `certificate`.
    public var key: TLSTrust.Material?

    /// An identity from its parts.
    public init(token: Secret? = nil, certificate: TLSTrust.Material? = nil, key: TLSTrust.Material? = nil) {
        self.token = token
        self.certificate = certificate
        self.key = key
    }
}

/// Where the identity comes from.
public protocol CredentialSource: Sendable {
    /// The identity to use now; throws `credentialsUnavailable`.
    func identity() async throws(KubernetesError) -> Identity

    /// A newer identity after the server refused `rejected` with 401; `nil` when there is none, so that asking again is
    /// pointless.
    func identity(replacing rejected: Identity) async throws(KubernetesError) -> Identity?
}

/// An identity that never changes: a token or certificate written in a kubeconfig, or none at all.
public struct FixedIdentity: CredentialSource {
    private let fixed: Identity

    /// Always `identity`.
    public init(_ identity: Identity = Identity()) {
        fixed = identity
    }

    /// The identity.
    public func identity() -> Identity { fixed }

    /// Always `nil`.
    public func identity(replacing rejected: Identity) -> Identity? { nil }
}
