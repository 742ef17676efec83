import Interruption

/// How far the cordon has come.
enum CordonState: Sendable, Hashable {
    /// Not accepted yet. Next: done, refused.
    case pending
    /// The node is unschedulable since `at`. Next: none.
    case done(at: Moment, alreadyCordoned: Bool)
    /// The API server will not do it since `since`, though it is asked again now and then. Next: done.
    case refused(because: String, since: Moment)

    /// How long an empty node waits for a cordon that is refused: the permission may be about to come, and pods that
    /// move to a node which takes them have to move again.
    static let patience = Duration.seconds(12)

    /// Whether nobody needs to wait for it at `now`: a pod that was bound just before the cordon shows up within
    /// `settlingTime` of the moment of the cordon.
    func isSettled(at now: Moment, after settlingTime: (Moment) -> Duration) -> Bool {
        switch self {
        case .pending: false
        case .refused(_, let moment): now >= moment.advanced(by: Self.patience)
        case .done(let moment, _): now >= moment.advanced(by: settlingTime(moment))
        }
    }
}
