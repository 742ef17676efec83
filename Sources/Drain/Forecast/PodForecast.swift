public import Kubernetes

/// What a drain would mean for one pod.
public struct PodForecast: Sendable, Hashable {
    /// Which pod.
    public var pod: PodReference
    /// In which turn it would leave; `nil` when it stays.
    public var tier: Tier?
    /// The grace that it would get when asked at once.
    public var grace: Duration?
    /// From now to the moment at which it would be deleted if it were still there; `nil` when it never would be.
    public var escalatesIn: Duration?
    /// What the API server, the pod's own wish or its owner has to say, in words for people.
    public var detail: String?
    /// What would become of it.
    public var prospect: Prospect

    /// What can become of a pod.
    public enum Prospect: String, Sendable, Hashable, CaseIterable {
        /// It leaves at once, or in its turn, with its whole grace.
        case leaves
        /// It was asked to leave before, and is through in time.
        case leaving
        /// It leaves, but the time is too short for its whole grace.
        case leavesInHaste = "leaves-in-haste"
        /// It is refused now, or has to wait for others of its budget; unless that changes it is deleted with its whole grace.
        case escalates
        /// It is refused now, and what would be left for its grace is less than it wants.
        case escalatesInHaste = "escalates-in-haste"
        /// It is refused now, and unless that changes it is still there in the end.
        case blocked
        /// It does not leave.
        case stays

        /// Whether nobody needs to look at it.
        public var isSmooth: Bool { self == .leaves || self == .leaving || self == .stays }
    }

    static func comesBefore(_ left: PodForecast, _ right: PodForecast) -> Bool {
        let turns = (left.turn, right.turn)
        if turns.0 != turns.1 { return turns.0 < turns.1 }
        if left.grace != right.grace { return left.grace ?? .zero > right.grace ?? .zero }
        return (left.pod.namespace, left.pod.name) < (right.pod.namespace, right.pod.name)
    }

    private var turn: Int {
        guard prospect != .stays else { return 3 }
        switch tier {
        case .critical: return 1
        case .daemon: return 2
        default: return 0
        }
    }
}
