import Interruption
import Kubernetes
import Settings

/// When a pod wants to be asked to leave, by its annotation: within its tier, and never later than its own time.
enum Leave: Sendable, Hashable {
    /// At once, before the others, whatever the node's `settle`.
    case first
    /// When its own time comes.
    case late
    /// So long after the notice.
    case after(Duration)

    /// `first`, `late`, or a duration.
    static let annotation = "interruption-handler.io/leave"

    /// What the pod says; `nil` when it says nothing that can be read.
    init?(of pod: Pod) {
        switch pod.annotations[Self.annotation] {
        case nil: return nil
        case "first": self = .first
        case "late": self = .late
        case .some(let text):
            guard let duration = Duration(setting: text), duration >= .zero else { return nil }
            self = .after(duration)
        }
    }
}
