import Transport

/// Why the metadata service gave no answer; the description says what a person could do.
enum MetadataError: Error, Sendable, Hashable {
    /// The calling task was cancelled; no failure of the service.
    case cancelled
    /// Nobody answers there, or the connection broke.
    case unreachable(String)
    /// Connected, but no answer in time.
    case timedOut
    /// The token's PUT is sent, and its answer never arrives.
    case tokenUnanswered
    /// The token's PUT is refused with that status, and IMDSv1 may not be used or is refused too.
    case tokenRefused(status: Int)
    /// The service accepts only IMDSv2, and the settings allow only IMDSv1.
    case tokensRequired
    /// The service refuses a token that it has just given.
    case unauthorized
    /// The service is switched off for this machine.
    case forbidden
    /// The service fails or asks for patience.
    case unavailable(status: Int)
    /// An answer that the service does not give: a status, a body that is too long or no text.
    case unexpected(String)

    /// The transport's failure in our words; `nil` details of an address never matter here.
    init(_ error: TransportError) {
        self =
            switch error {
            case .cancelled: .cancelled
            case .timedOut(.answering): .timedOut
            case .timedOut(.connecting): .unreachable("no connection in time")
            case .unresolved(let host): .unreachable("no address for \(host)")
            case .unreachable(let detail), .connectionLost(let detail), .untrusted(let detail): .unreachable(detail)
            case .bodyTooLarge(let limit): .unexpected("answers more than \(limit) bytes")
            case .garbled(let detail), .unsendable(let detail): .unexpected(detail)
            case .closed: .unreachable("the transport is closed")
            default: .unexpected("\(error)")
            }
    }

    /// Whether the service wants to be asked less.
    var asksForPatience: Bool {
        switch self {
        case .unavailable(429), .unavailable(503), .unauthorized: true
        default: false
        }
    }

    /// Whether a second try at once may find what the first did not: a connection broke, or an answer got lost. Whatever was answered will
    /// be answered again.
    var isWorthASecondTry: Bool {
        switch self {
        case .unreachable, .timedOut, .tokenUnanswered, .cancelled: true
        default: false
        }
    }

    /// Whether one such failure says little: worth telling only when it lasts.
    var isTransient: Bool {
        switch self {
        case .unreachable, .timedOut, .unavailable, .unexpected, .cancelled: true
        case .tokenUnanswered, .tokenRefused, .tokensRequired, .unauthorized, .forbidden: false
        }
    }
}

extension MetadataError: CustomStringConvertible {
    /// What is known of the hop limit, and what to do about it.
    static let hopLimitAdvice = """
        the answer to the IMDSv2 token request never arrives, most likely because the instance's metadata hop limit is 1 and this pod \
        is not on the host's network: set hostNetwork: true, or raise HttpPutResponseHopLimit to 2
        """

    /// What happened, and what a person could do.
    var description: String {
        switch self {
        case .cancelled: "cancelled"
        case .unreachable(let detail): "the instance metadata service cannot be reached: \(detail)"
        case .timedOut: "the instance metadata service does not answer in time"
        case .tokenUnanswered: MetadataError.hopLimitAdvice
        case .tokenRefused(let status):
            "the instance metadata service refuses an IMDSv2 token with status \(status); IMDSv1 is not allowed or refused too"
        case .tokensRequired:
            "the instance metadata service accepts only IMDSv2, and tokens are disabled: set the metadata tokens to required or optional"
        case .unauthorized: "the instance metadata service refuses the token that it has just given"
        case .forbidden: "the instance metadata service is switched off for this machine, or not for us (status 403)"
        case .unavailable(let status): "the instance metadata service fails with status \(status)"
        case .unexpected(let detail): "the instance metadata service answers unexpectedly: \(detail)"
        }
    }
}
