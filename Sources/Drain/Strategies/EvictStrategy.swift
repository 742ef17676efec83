/// Asks the eviction API until a pod's own time has come, then deletes. A pod that nobody asked before is evicted once
/// even then: most budgets allow it, and it costs one request where a deletion costs two.
struct EvictStrategy: DepartureStrategy {
    let movesPods = true

    func departure(of pod: DepartingPod) -> Departure? {
        if pod.hurdle == .namespaceTerminating { return .delete }
        guard pod.isTimeUp, pod.escalates else { return .evict }
        if pod.isUnasked, pod.hurdle == nil { return .evict }
        // A DELETE that is turned down must not be all that is tried: the budget may have room by now.
        return pod.isDeletionBarred ? .evict : .escalate
    }
}
