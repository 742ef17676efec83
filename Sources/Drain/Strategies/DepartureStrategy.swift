import Interruption

/// How a strategy makes pods leave. Who is next and when is the ledger's affair, the same for all.
protocol DepartureStrategy: Sendable {
    /// Whether pods are moved at all.
    var movesPods: Bool { get }

    /// What to ask for a pod whose turn it is; `nil` for nothing now.
    func departure(of pod: DepartingPod) -> Departure?
}

/// What a strategy looks at.
struct DepartingPod: Sendable, Hashable {
    /// Whether the pod's own time has come: asked any later, it could not have its grace.
    var isTimeUp: Bool
    /// Whether pods are deleted from their own time on.
    var escalates: Bool
    /// Whether nobody asked it yet and nothing but the time speaks against asking it politely.
    var isUnasked: Bool
    /// Why an eviction cannot work for it, when that is known.
    var hurdle: EvictionHurdle?
    /// Whether it is leaving already and only has its grace shortened.
    var isLeaving: Bool
    /// Whether the latest DELETE for it was turned down for good.
    var isDeletionBarred: Bool
}

/// What to ask of the API server for a pod.
enum Departure: Sendable, Hashable {
    /// The eviction subresource.
    case evict
    /// A DELETE, because the pod's own time has come and asking politely did not help.
    case escalate
    /// A DELETE that does not wait for the pod's own time.
    case delete
}

/// Why an eviction cannot work for a pod.
enum EvictionHurdle: Sendable, Hashable {
    /// Several budgets, a request that the server does not understand: a DELETE may work, at the pod's own time. Until
    /// then it is asked again sparsely, since the second budget may be deleted meanwhile.
    case unworkable
    /// The namespace is being terminated: a DELETE works at once.
    case namespaceTerminating
}

extension Strategy {
    /// The strategy's ways.
    var departures: any DepartureStrategy {
        switch self {
        case .evict: EvictStrategy()
        case .delete: DeleteStrategy()
        case .cordonOnly: CordonOnlyStrategy()
        }
    }
}
