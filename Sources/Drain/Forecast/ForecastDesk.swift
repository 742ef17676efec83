import Interruption
import Kubernetes

/// Says of one pod after the other what a drain by a plan would mean for it. Pure.
struct ForecastDesk: Sendable {
    let plan: Plan
    let classifier: PodClassifier
    let anchor: WallClockAnchor
    var volumeMargin = Duration.zero
    let now: Moment

    private var gracePlan: GracePlan { GracePlan(plan, deadline: plan.notice.deadline) }

    /// Whether a budget would be asked for it.
    func wouldBeAsked(_ pod: Pod) -> Bool {
        guard case .leaves(_, wish: nil) = classifier.standing(of: pod) else { return false }
        return !pod.isTerminating && pod.phase != "Pending"
    }

    /// The order in which they would be asked.
    static func comesBefore(_ left: Pod, _ right: Pod) -> Bool {
        if left.gracePeriod != right.gracePeriod { return left.gracePeriod > right.gracePeriod }
        return (left.reference.namespace, left.reference.name) < (right.reference.namespace, right.reference.name)
    }

    /// What would become of it, when its eviction was answered so and it has to wait for others of its budget; `nil`
    /// when it is none of ours.
    func forecast(of pod: Pod, answer: KubernetesError?, waitsFor budget: String?) -> PodForecast? {
        switch classifier.standing(of: pod) {
        case .elsewhere:
            return nil
        case .stays(let reason):
            return PodForecast(pod: pod.reference, detail: reason, prospect: .stays)
        case .leaves(let tier, let wish):
            return plan.strategy == .cordonOnly
                ? PodForecast(pod: pod.reference, tier: tier, detail: "cordon-only", prospect: .stays)
                : pod.isTerminating
                    ? leaving(pod, tier) : asked(pod, tier, hurdle: wish ?? answer?.words ?? budget, answer, wish)
        }
    }

    private func leaving(_ pod: Pod, _ tier: Tier) -> PodForecast {
        let byLength = now.advanced(by: pod.deletionGracePeriod ?? pod.gracePeriod)
        let byClock = pod.deletionTimestamp.flatMap { WallTime(rfc3339: $0) }.map { anchor.moment(at: $0) }
        let end = min(byLength, byClock ?? byLength)
        let isShortened = end > gracePlan.end
        let grace = isShortened ? gracePlan.grace(upTo: Int(Int32.max), at: now) : now.duration(to: end).wholeSeconds
        let words = isShortened ? "terminating already, shortened to \(grace) s" : "terminating already"
        return PodForecast(
            pod: pod.reference, tier: tier, grace: .seconds(max(0, grace)), detail: words + held(pod),
            prospect: isShortened ? .leavesInHaste : .leaving)
    }

    private func asked(
        _ pod: Pod, _ tier: Tier, hurdle: String?, _ answer: KubernetesError?, _ wish: String?
    ) -> PodForecast {
        var entry = PodEntry(pod, phase: .waiting, at: now)
        // A wish is overruled at the pod's own time; a budget has its share of the time first.
        if wish == nil { entry.firstEvictedAt = now }
        if case .severalBudgets? = answer { entry.hurdle = .unworkable }
        let full = gracePlan.full(for: pod.gracePeriod)
        let overruledAt = entry.ownTime(by: gracePlan, volumeMargin: volumeMargin)
        let isRefused = hurdle != nil
        let grace = gracePlan.grace(upTo: full, at: isRefused && plan.escalates ? max(now, overruledAt) : now)
        let isInHaste = grace < full
        let prospect: PodForecast.Prospect =
            !isRefused
            ? isInHaste ? .leavesInHaste : .leaves
            : !plan.escalates ? .blocked : isInHaste ? .escalatesInHaste : .escalates
        return PodForecast(
            pod: pod.reference, tier: tier, grace: .seconds(grace),
            escalatesIn: plan.escalates ? max(.zero, now.duration(to: overruledAt)) : nil,
            detail: hurdle.map { $0 + held(pod) } ?? words(tier, pod), prospect: prospect)
    }

    /// What is worth knowing of a pod that nothing stands in the way of.
    private func words(_ tier: Tier, _ pod: Pod) -> String? {
        let turn: String? =
            switch tier {
            case .ordinary: nil
            case .critical: "when the ordinary ones are gone"
            case .daemon: "DaemonSet \(pod.controller?.name ?? ""): when all others are gone"
            }
        let words = (turn ?? "") + held(pod)
        return words.isEmpty ? nil : turn == nil ? String(words.dropFirst(2)) : words
    }

    private func held(_ pod: Pod) -> String {
        let finalizers = pod.finalizers.filter { $0 != "batch.kubernetes.io/job-tracking" }
        return finalizers.isEmpty
            ? "" : "; its object stays for finalizers: \(finalizers.prefix(4).joined(separator: ", "))"
    }
}
