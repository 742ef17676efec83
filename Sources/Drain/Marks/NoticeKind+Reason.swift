import Interruption

extension NoticeKind {
    /// The CamelCase reason for conditions and events.
    var reason: String {
        switch self {
        case .reclaim: "SpotInterruption"
        case .rebalance: "RebalanceRecommendation"
        case .maintenance: "ScheduledMaintenance"
        case .scaleIn: "ScaleIn"
        }
    }
}
