public import Transport

/// Where the API server is, how it is verified, and who we are.
public struct ClusterConfiguration: Sendable {
    /// Scheme, host, port and perhaps a path, without a slash at the end.
    public var server: String
    /// How the server is verified.
    public var trust: TLSTrust
    /// Who we are.
    public var credentials: any CredentialSource
    /// Where this comes from, for people: `in-cluster`, or the kubeconfig's file and context.
    public var origin: String

    /// A configuration from its parts.
    public init(server: String, trust: TLSTrust = .system, credentials: any CredentialSource, origin: String) {
        self.server = server
        self.trust = trust
        self.credentials = credentials
        self.origin = origin
    }
}

/// Everything that is wrong with a configuration, at once; each message names file, entry and field, and never a
/// secret.
public struct ConfigurationProblems: Error, Sendable, Hashable {
    /// At least one message.
    public var messages: [String]

    /// Problems from their messages.
    public init(_ messages: [String]) {
        self.messages = messages
    }
}
