public import Transport

/// Why the API server did not do what it was asked, by what the caller can do about it. Messages are the server's, cut to 512 bytes.
public enum KubernetesError: Error, Sendable, Equatable {
    /// A PodDisruptionBudget refuses (429 with cause `DisruptionBudget`): ask again later.
    case budgetRefused(budget: String?, message: String, retryAfter: Duration?)
    /// Flow control refuses (429 without that cause): ask again later.
    case throttled(retryAfter: Duration?)
    /// More than one budget selects the pod (500): eviction will never work for it.
    case severalBudgets
    /// The namespace is being terminated (403): eviction will never work there, deletion does.
    case namespaceTerminating
    /// The object is gone (404).
    case notFound
    /// Another object has that name now (409 by uid precondition).
    case otherUID
    /// The object was changed meanwhile (409 otherwise): read it again.
    case conflict(message: String)
    /// The token was not accepted, also after it was read anew (401).
    case unauthorized
    /// We may not (403).
    case forbidden(message: String)
    /// An admission webhook or policy denies (any code it chose).
    case denied(message: String)
    /// The request makes no sense to the server (400, 415, 422): asking again is pointless.
    case invalid(message: String)
    /// The resource version is too old (410): list again.
    case expired
    /// The server failed (5xx): ask again later.
    case serverFailed(status: Int, message: String, retryAfter: Duration?)
    /// The answer is not what the API says.
    case garbled(detail: String)
    /// No answer.
    case unanswered(TransportError)
    /// Our own credentials could not be read or made: a token file, an exec plugin.
    case credentialsUnavailable(detail: String)
}
