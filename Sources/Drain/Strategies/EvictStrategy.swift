/// Asks the eviction API until a pod's own time has come, then deletes.
struct EvictStrategy: DepartureStrategy {
    let movesPods = true

    func departure(of pod: DepartingPod) -> Departure? {
        if pod.hurdle == .namespaceTerminating { return .delete }
        if pod.isTimeUp, pod.escalates { return .escalate }
        // Asked again, an eviction that cannot work would only cost requests; without escalation it is all that is left
        // to try.
        if pod.hurdle == .unworkable, pod.escalates { return nil }
        return .evict
    }
}
