/// What kind of end was announced, in words that fit every cloud.
public enum NoticeKind: String, Sendable, Hashable, CaseIterable {
    /// The machine will certainly be taken away, soon: a spot reclaim.
    case reclaim
    /// Advice that a reclaim has become likelier; nothing is certain.
    case rebalance
    /// Planned work on the host: reboot, stop, retirement.
    case maintenance
    /// The group that owns the machine is shrinking or replacing it.
    case scaleIn = "scale-in"

    /// How much a kind outweighs another when several stand at once; the certain and sudden ones weigh more.
    public var urgency: Int {
        switch self {
        case .reclaim: 3
        case .scaleIn: 2
        case .maintenance: 1
        case .rebalance: 0
        }
    }
}
