import Interruption
import JSON
import Kubernetes

/// What is written about single pods.
struct PodMarks: Sendable {
    let settings: MarkSettings
    let nodeName: String
    let notice: Notice
    let timeline: any Timeline
    let anchor: WallClockAnchor

    /// The condition by which a Job's `podFailurePolicy` tells a disruption from a failure; a DELETE alone sets none
    /// (https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions).
    func disruption(of pod: PodReference) -> Patch {
        let condition: JSONValue = [
            "type": "DisruptionTarget", "status": "True", "reason": .string(notice.kind.reason),
            "message": .string("The node is being emptied: \(notice.words)".cut(to: 256)),
            "lastTransitionTime": .string(anchor.wall(at: timeline.now).rfc3339),
        ]
        let patch: JSONValue = [
            "metadata": ["uid": .string(pod.uid)], "status": ["conditions": [condition]],
        ]
        return Patch(.strategic, patch.text)
    }

    /// The event for a pod that was asked to leave; `nil` when none is wanted.
    func event(for request: LeaveRequest) -> EventNote? {
        guard settings.podEvents, let manner = request.manner, !request.isShortening else { return nil }
        let verb = manner == .eviction ? "Evicted" : "Deleted"
        return EventNote(
            subject: .pod(request.pod), reason: notice.kind.reason,
            message: "\(verb) because node \(nodeName) is being emptied: \(notice.words)".cut(to: 512),
            isWarning: false, time: anchor.wall(at: timeline.now).rfc3339, reportingInstance: nodeName)
    }
}

extension String {
    /// At most `count` characters of it.
    func cut(to count: Int) -> String {
        self.count <= count ? self : String(prefix(count))
    }
}
