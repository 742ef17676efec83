import Interruption
import Settings

extension HandlerSettings {
    /// The strategies that the notices which are listened for can lead to.
    var strategiesInUse: Set<Strategy> {
        Set(cloud.notices.compactMap { policy.strategies.strategy(for: $0.kind) })
    }
}

extension CloudSettings.AnnouncementKind {
    /// The kind of notice that is announced there.
    fileprivate var kind: NoticeKind {
        switch self {
        case .spot: .reclaim
        case .rebalance: .rebalance
        case .maintenance: .maintenance
        case .scaleIn: .scaleIn
        }
    }
}
