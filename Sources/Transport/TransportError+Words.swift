extension TransportError {
    /// What went wrong, in words for people.
    public var words: String {
        switch self {
        case .timedOut(.connecting): "timed out while connecting"
        case .timedOut(.answering): "timed out"
        case .cancelled: "cancelled"
        case .unresolved(let host): "\(host) has no address"
        case .unreachable(let detail): "unreachable: \(detail)"
        case .untrusted(let detail): "not trusted: \(detail)"
        case .connectionLost(let detail): "connection lost: \(detail)"
        case .bodyTooLarge(let limit): "more than \(limit) bytes"
        case .refusedBySink: "refused while reading"
        case .garbled(let detail): "garbled: \(detail)"
        case .mailRefused(let code): "the mail server said no (\(code))"
        case .unsendable(let detail): "cannot be sent: \(detail)"
        case .closed: "the transport is closed"
        }
    }
}
