import Transport

extension KubernetesError {
    /// The call was given up because it took too long.
    public static var timedOut: KubernetesError { .unanswered(.timedOut(phase: .answering)) }

    /// Whether it is only that the caller's own task was cancelled; not a failure of the other side.
    public var isCancellation: Bool { self == .unanswered(.cancelled) }

    /// What went wrong, in words for people.
    public var words: String {
        switch self {
        case .budgetRefused(let budget, let message, _): budget.map { "budget \($0)" } ?? message
        case .throttled: "the API server's flow control refused"
        case .severalBudgets: "more than one budget"
        case .namespaceTerminating: "the namespace is being terminated"
        case .notFound: "not found"
        case .otherUID: "another object has that name"
        case .conflict(let message): "changed meanwhile: \(message)"
        case .unauthorized: "the API server does not accept our token"
        case .forbidden(let message): "forbidden: \(message)"
        case .denied(let message): "denied: \(message)"
        case .invalid(let message): "invalid: \(message)"
        case .expired: "resource version too old"
        case .serverFailed(let status, let message, _): "the API server failed (\(status)): \(message)"
        case .garbled(let detail): "garbled answer: \(detail)"
        case .unanswered(let error): "no answer: \(error.words)"
        case .credentialsUnavailable(let detail): "no credentials: \(detail)"
        }
    }
}
