import Synchronization

/// One call's place in the queue; its identity names the transfer.
///
/// Task cancellation may come before, while or after the call is queued. The ticket orders the two: the start is posted
/// before the cancel, or not at all.
final class Ticket: Sendable {
    private enum Standing {
        /// Nothing posted yet; becomes `begun` or `cancelled`.
        case idle
        /// The start is in the mailbox or behind it; final.
        case begun
        /// Cancelled before it could start; final.
        case cancelled
    }

    private let standing = Mutex(Standing.idle)

    /// Runs `post`, which queues the start, unless the ticket was cancelled before; gives the reason if the start did
    /// not happen.
    func begin(_ post: () -> TransportError?) -> TransportError? {
        standing.withLock { standing in
            if case .cancelled = standing { return .cancelled }
            standing = .begun
            // Under the lock: otherwise a cancel could see `begun` and overtake the start on its way to the mailbox.
            return post()
        }
    }

    /// Runs `post`, which queues the cancel, if the start was queued; otherwise sees to it that it never is.
    func cancel(_ post: () -> Void) {
        standing.withLock { standing in
            switch standing {
            case .idle: standing = .cancelled
            case .begun: post()
            case .cancelled: break
            }
        }
    }
}
