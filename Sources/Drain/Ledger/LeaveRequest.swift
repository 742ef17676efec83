import Interruption
import Kubernetes

/// One request to be made for a pod. At most one per pod is under way at any time.
struct LeaveRequest: Sendable, Hashable {
    /// Counts the requests of a drain.
    let number: Int
    /// For which pod.
    let pod: PodReference
    /// What to ask.
    let action: Action
    /// Whether the pod is leaving already and is only to leave sooner.
    let isShortening: Bool
    /// When it was decided.
    let decidedAt: Moment

    /// What can be asked; a grace in whole seconds, `nil` for the pod's own.
    enum Action: Sendable, Hashable {
        /// The eviction subresource.
        case evict(grace: Int?)
        /// The condition `DisruptionTarget`, before a DELETE of a pod whose owner may read it: Jobs tell a disruption from a
        /// failure by it.
        case noteDisruption
        /// A DELETE; `escalated` when it overrules the pod's budget or wish, at the pod's own time.
        case delete(grace: Int?, escalated: Bool)
    }
}

/// What a look at the ledger found to be done.
struct LedgerPass: Sendable {
    /// Requests to make now.
    var requests: [LeaveRequest] = []
    /// Numbers of requests that are not worth waiting for any longer.
    var abandoned: [Int] = []
    /// When to look again at the latest, though nothing happens; `nil` when only news can change anything.
    var wakeUp: Moment?

    mutating func look(at moment: Moment) {
        wakeUp = min(wakeUp ?? moment, moment)
    }
}
