import Synchronization
import Transport

/// Keeps of an answer what tells success from failure: a pod that was deleted or patched is sent back whole, and with a
/// hundred requests under way those would be a hundred objects.
final class StatusSink: BodySink {
    private struct State {
        var sieve = JSONSieve(.status)
        var body: [UInt8] = []
    }

    private let limit: Int
    private let state = Mutex(State())

    /// A sink that refuses more than `limit` bytes of what is kept.
    init(limit: Int) {
        self.limit = limit
    }

    /// What was kept so far.
    var body: [UInt8] { state.withLock { $0.body } }

    /// Takes one piece of the body; `false` when too much is to be kept.
    func receive(_ bytes: [UInt8]) -> Bool {
        state.withLock { state in
            state.body += state.sieve.sifted(bytes)
            return state.body.count <= limit
        }
    }
}
