/// Why a request to an AWS API did not do what it should.
enum QueryError: Error, Sendable, Equatable {
    /// The calling task was cancelled.
    case cancelled
    /// It was tried until its time was over; what the last try said.
    case outOfTime(last: String)
    /// AWS refused it for good: its own code and message, and whether an earlier try may have been heard all the same.
    case refused(code: String, message: String, afterSilence: Bool)
    /// The answer is not one that the API gives.
    case unreadable(XMLError)
    /// There is no trusted way to the API.
    case unreachable(String)
    /// No credentials to sign with.
    case credentials(CredentialError)
    /// The request cannot be made as things are set up: no region, an endpoint that is none.
    case misconfigured(String)
}

extension QueryError {
    /// Whether it is a permission, or the credentials for one, that is missing.
    var isDenial: Bool {
        switch self {
        case .refused(let code, _, _): code.contains("Denied") || code.contains("Unauthorized")
        case .credentials(.none): true
        default: false
        }
    }

    /// What a person is told beside refusals that mean, more often than not, that a clock is wrong; a request is signed with its time.
    static func clockAdvice(_ code: String) -> String {
        let codes: Set = [
            "SignatureDoesNotMatch", "RequestExpired", "RequestTimeTooSkewed", "InvalidSignatureException",
        ]
        return codes.contains(code) ? " (signed with this node's clock: see that it is right)" : ""
    }
}

extension QueryError: CustomStringConvertible {
    /// What happened, with AWS's own words where there are any.
    var description: String {
        switch self {
        case .cancelled: "cancelled"
        case .outOfTime(let last): "no success in time: \(last)"
        case .refused(let code, let message, _): "\(code): \(message)"
        case .unreadable(let error): "the answer cannot be read: \(error)"
        case .unreachable(let detail): "the API cannot be reached: \(detail)"
        case .credentials(let error): "\(error)"
        case .misconfigured(let detail): detail
        }
    }
}
