/// Asks the eviction API until a pod's own time has come, then deletes. A pod that nobody asked before is evicted once
/// even then: most budgets allow it, and it costs one request where a deletion costs two.
struct EvictStrategy: DepartureStrategy {
    let movesPods = true

    func departure(of pod: DepartingPod) -> Departure? {
        if pod.hurdle == .namespaceTerminating { return .delete }
        if pod.isTimeUp, pod.escalates { return pod.isUnasked && pod.hurdle == nil ? .evict : .escalate }
        // Asked again, an eviction that cannot work would only cost requests; without escalation it is all that is left
        // to try.
        if pod.hurdle == .unworkable, pod.escalates { return nil }
        return .evict
    }
}
