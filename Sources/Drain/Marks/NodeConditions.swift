import Interruption
import JSON
import Kubernetes

/// The Node conditions that we set when that is wanted; names and reasons of KEP-5683
/// (https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/5683-specialized-lifecycle-management).
enum NodeConditions {
    static let draining = "DrainInProgress"
    static let drained = "Drained"
    static let planned = "MaintenancePlanned"

    /// The types that a drain by that strategy sets.
    static func types(for strategy: Strategy) -> [String] {
        strategy == .cordonOnly ? [planned] : [draining, drained]
    }

    /// What holds while the drain runs.
    static func atStart(of plan: Plan, at time: WallTime) -> Patch {
        let reason = plan.notice.kind.reason
        let words = "\(plan.notice.words), deadline \(plan.notice.deadline.wall.rfc3339)"
        guard plan.strategy != .cordonOnly else {
            return patch([condition(planned, true, reason, words, time)])
        }
        return patch([
            condition(draining, true, reason, words, time),
            condition(drained, false, "DrainInProgress", words, time),
        ])
    }

    /// What holds when it has ended; `nil` when nothing changes.
    static func atEnd(of report: Report, at time: WallTime) -> Patch? {
        guard report.strategy != .cordonOnly else { return nil }
        let isEmpty = report.ending == .empty
        let reason = isEmpty ? "DrainCompleted" : "DrainIncomplete"
        let words = report.summary
        return patch([
            condition(draining, false, reason, words, time), condition(drained, isEmpty, reason, words, time),
        ])
    }

    /// Takes conditions away.
    static func removal(of types: [String]) -> Patch {
        patch(types.map { ["$patch": "delete", "type": .string($0)] })
    }

    private static func condition(
        _ type: String, _ holds: Bool, _ reason: String, _ message: String, _ time: WallTime
    ) -> JSONValue {
        [
            "type": .string(type), "status": .string(holds ? "True" : "False"), "reason": .string(reason),
            "message": .string(message.cut(to: 512)), "lastHeartbeatTime": .string(time.rfc3339),
            "lastTransitionTime": .string(time.rfc3339),
        ]
    }

    private static func patch(_ conditions: [JSONValue]) -> Patch {
        // Strategic, because that form merges this list by type and leaves the kubelet's conditions alone.
        Patch(.strategic, (["status": ["conditions": .array(conditions)]] as JSONValue).text)
    }
}
