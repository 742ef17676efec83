/// How the instance's metadata options are set, and how far away the caller is.
public struct MetadataAccess: Sendable, Hashable {
    /// Whether the service answers at all; when not, everything is 403.
    public var isEnabled: Bool
    /// Which versions of the protocol are spoken.
    public var tokens: Tokens
    /// Whether the caller is more hops away than the answer to a token request may travel.
    public var isBeyondHopLimit: Bool
    /// The longest life of a token, in seconds, whatever life is asked for.
    public var longestTokenLife: Int64 = 21600

    /// Which versions of the protocol are spoken.
    public enum Tokens: Sendable, Hashable {
        /// Version 2 only: a request without a token is 401.
        case required
        /// Versions 1 and 2: a token is checked when it is shown.
        case optional
        /// Version 1 only, as older emulators and proxies: a token request is answered with that status.
        case unsupported(status: Int)
    }

    /// An enabled service at arm's length, unless told otherwise.
    public init(isEnabled: Bool = true, tokens: Tokens = .required, isBeyondHopLimit: Bool = false) {
        self.isEnabled = isEnabled
        self.tokens = tokens
        self.isBeyondHopLimit = isBeyondHopLimit
    }

    /// Version 2 only.
    public static let v2Only = MetadataAccess()
    /// Versions 1 and 2.
    public static let v1AndV2 = MetadataAccess(tokens: .optional)
    /// Version 1 only, with 404 for a token request.
    public static let v1Only = MetadataAccess(tokens: .unsupported(status: 404))
    /// Switched off.
    public static let off = MetadataAccess(isEnabled: false)
}
