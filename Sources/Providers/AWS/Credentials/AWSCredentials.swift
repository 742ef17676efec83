import Interruption
import Transport

/// What a request is signed with.
struct AWSCredentials: Sendable, Hashable {
    /// The access key id.
    let accessKeyID: String
    /// The secret access key.
    let secretAccessKey: Secret
    /// The token of temporary credentials.
    let sessionToken: Secret?
    /// When they end; `nil` for those that do not.
    let expiry: WallTime?

    /// Credentials from their parts; `nil` when a part is empty or could not stand in a header, so that nothing half goes out.
    init?(accessKeyID: String?, secretAccessKey: String?, sessionToken: String?, expiry: WallTime? = nil) {
        let isHeaderSafe = { (text: String) in text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }
        guard let accessKeyID, let secretAccessKey, !accessKeyID.isEmpty, !secretAccessKey.isEmpty,
            isHeaderSafe(accessKeyID),
            isHeaderSafe(secretAccessKey), sessionToken.map(isHeaderSafe) ?? true
        else { return nil }
        self.accessKeyID = accessKeyID
        self.secretAccessKey = Secret(secretAccessKey)
        self.sessionToken = sessionToken.flatMap { $0.isEmpty ? nil : Secret($0) }
        self.expiry = expiry
    }
}

/// Why there are no credentials; never carries a part of them.
enum CredentialError: Error, Sendable, Hashable {
    /// The calling task was cancelled.
    case cancelled
    /// No place has any.
    case none
    /// A place that should have them does not answer properly now; it is worth another try.
    case unavailable(source: String, detail: String)
    /// A place that should have them says no: AWS's own code and message.
    case refused(source: String, code: String, message: String)
    /// What a variable or a file says cannot be used.
    case misconfigured(source: String, detail: String)
}

extension CredentialError: CustomStringConvertible {
    /// What happened, and where.
    var description: String {
        switch self {
        case .cancelled: "cancelled"
        case .none:
            "no AWS credentials: none in the environment, no web identity, no container credentials, no instance profile"
        case .unavailable(let source, let detail): "\(source) cannot be had now: \(detail)"
        case .refused(let source, let code, let message): "\(source) refused: \(code): \(message)"
        case .misconfigured(let source, let detail): "\(source) cannot be used: \(detail)"
        }
    }
}

/// A place where credentials may come from.
protocol CredentialSource: Sendable {
    /// The credentials; `nil` when this place is not set up, so that the next one is asked. A place that is set up and fails throws: going
    /// on would act as somebody else.
    func credentials() async throws(CredentialError) -> AWSCredentials?
}
