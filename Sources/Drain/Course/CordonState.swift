import Interruption

/// How far the cordon has come.
enum CordonState: Sendable, Hashable {
    /// Not accepted yet. Next: done, refused.
    case pending
    /// The node is unschedulable since `at`. Next: none.
    case done(at: Moment, alreadyCordoned: Bool)
    /// The API server will not do it, though it is asked again now and then. Next: done.
    case refused(because: String)

    /// Whether nobody needs to wait for it at `now`: a pod that was bound just before the cordon shows up within
    /// `settlingTime`.
    func isSettled(at now: Moment, after settlingTime: Duration) -> Bool {
        switch self {
        case .pending: false
        case .refused: true
        case .done(let moment, _): now >= moment.advanced(by: settlingTime)
        }
    }
}
