import NIOCore
import Synchronization

/// What a server has accepted so far, and what is still open.
final class ConnectionLedger: Sendable {
    private struct State {
        var accepted = 0
        var requests = 0
        var isSilent = false
        var open: [Int: LabConnection] = [:]
    }

    private let state = Mutex(State())

    /// How many TCP connections were accepted.
    var accepted: Int { state.withLock { $0.accepted } }
    /// How many requests were read to their end.
    var requests: Int { state.withLock { $0.requests } }
    /// The connections that are open now.
    var open: [LabConnection] { state.withLock { Array($0.open.values) } }

    /// Registers a new connection until its channel closes.
    func accept(_ channel: any Channel) -> LabConnection {
        let connection = state.withLock { state in
            state.accepted += 1
            let connection = LabConnection(number: state.accepted, channel: channel)
            if state.isSilent { connection.silence() }
            state.open[connection.number] = connection
            return connection
        }
        channel.closeFuture.whenComplete { [self] _ in
            state.withLock { $0.open[connection.number] = nil }
        }
        return connection
    }

    /// Counts one request.
    func countRequest() {
        state.withLock { $0.requests += 1 }
    }

    /// Silences what is open and what will be accepted, or lets new connections speak again.
    func setSilence(_ isSilent: Bool) {
        let open = state.withLock { state in
            state.isSilent = isSilent
            return Array(state.open.values)
        }
        guard isSilent else { return }
        for connection in open { connection.silence() }
    }
}
