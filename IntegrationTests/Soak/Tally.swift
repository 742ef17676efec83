import Synchronization

/// What was done to the handler, and what it owes for it.
final class Tally: Sendable {
    /// The counts.
    struct Counts: Sendable {
        /// Notices that were given.
        var given = 0
        /// Notices that were handled to their end: cordon, drain, messages, and the node given back.
        var handled = 0
        /// Notices that were taken back.
        var withdrawn = 0
        /// Connections and servers that were taken away.
        var disconnections = 0
        /// Tokens and credentials that were made worthless.
        var rotations = 0
        /// What did not happen, in words.
        var missed: [String] = []
        /// How often each message is due.
        var due: [Inbox.Message: Int] = [:]
    }

    private let state = Mutex(Counts())

    /// The counts so far.
    var counts: Counts { state.withLock { $0 } }

    /// Changes them.
    func note(_ change: (inout Counts) -> Void) { state.withLock { change(&$0) } }

    /// Messages that came too rarely, and those that came too often, when `accepted` is what came.
    func compared(with accepted: [Inbox.Message: Int]) -> (missing: Int, duplicate: Int) {
        let due = counts.due
        var (missing, duplicate) = (0, 0)
        for message in Set(due.keys).union(accepted.keys) {
            let excess = accepted[message, default: 0] - due[message, default: 0]
            if excess > 0 { duplicate += excess } else { missing -= excess }
        }
        return (missing, duplicate)
    }
}
