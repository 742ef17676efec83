import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A server on 127.0.0.1 and a port of the system's choice, a thread for each connection, scripted per request or per
/// conversation.
public final class LoopbackServer: Sendable {
    /// What the server has seen so far.
    public struct Facts: Sendable {
        /// Connections accepted.
        public var connections = 0
        /// Connections that neither side has closed.
        public var openConnections = 0 {
            didSet { peakConnections = max(peakConnections, openConnections) }
        }
        /// Most connections that were open at once.
        public private(set) var peakConnections = 0
        /// Requests read whole, in the order of arrival; empty for a server with its own conversation.
        public var requests: [ReceivedRequest] = []
    }

    /// Where it listens.
    public let port: UInt16

    private struct State {
        var facts = Facts()
        var listener: Int32
        var sockets: Set<Int32> = []
        var threads: [pthread_t] = []
        var isStopped = false
        var waiters: [(holds: @Sendable (Facts) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    /// The system gave no socket.
    public struct NoSocket: Error {}

    private let state: Mutex<State>
    private let conversation: @Sendable (LoopbackServer, LoopbackConnection) -> Void

    /// Answers each request by the closure.
    public convenience init(_ reply: @escaping @Sendable (ReceivedRequest) -> Reply) throws {
        try self.init { server, connection in
            while let request = connection.readRequest() {
                server.note { $0.requests.append(request) }
                guard connection.perform(reply(request)) else { return }
            }
        }
    }

    /// Serves each connection by the closure; when that returns, the connection is closed.
    public convenience init(conversation: @escaping @Sendable (LoopbackConnection) -> Void) throws {
        try self.init { _, connection in conversation(connection) }
    }

    private init(serving conversation: @escaping @Sendable (LoopbackServer, LoopbackConnection) -> Void) throws {
        let (listener, port) = try boundSocket()
        guard listen(listener, 512) == 0 else {
            close(listener)
            throw NoSocket()
        }
        self.port = port
        state = Mutex(State(listener: listener))
        self.conversation = conversation
        spawn { $0.welcome(from: listener) }
    }

    /// Its address, without a slash at the end.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// What the server has seen so far.
    public var facts: Facts { state.withLock { $0.facts } }

    /// Returns as soon as that holds for what the server has seen.
    public func until(_ holds: @escaping @Sendable (Facts) -> Bool) async {
        await withCheckedContinuation { continuation in
            let alreadyHolds = state.withLock { state in
                if holds(state.facts) { return true }
                state.waiters.append((holds, continuation))
                return false
            }
            if alreadyHolds { continuation.resume() }
        }
    }

    /// Closes everything and waits for its threads. Every test that starts a server stops it.
    public func stop() {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.isStopped = true
            for socket in state.sockets.union([state.listener]) {
                _ = shutdown(socket, Int32(SHUT_RDWR))
            }
        }
        // The accepting thread is the first; it may still start others until it has ended.
        while let thread = state.withLock({ $0.threads.isEmpty ? nil : $0.threads.removeFirst() }) {
            pthread_join(thread, nil)
        }
    }

    private func welcome(from listener: Int32) {
        while true {
            let socket = accept(listener, nil, nil)
            guard socket >= 0 else { break }
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
            let number = state.withLock { state in
                if state.isStopped {
                    _ = shutdown(socket, Int32(SHUT_RDWR))
                }
                state.sockets.insert(socket)
                state.facts.connections += 1
                return state.facts.connections - 1
            }
            note { $0.openConnections += 1 }
            spawn { server in
                server.conversation(server, LoopbackConnection(number: number, socket: socket))
                server.state.withLock { state in
                    state.sockets.remove(socket)
                    // Under the lock: afterwards the number may belong to a new connection.
                    _ = close(socket)
                }
                server.note { $0.openConnections -= 1 }
            }
        }
        _ = close(listener)
    }

    private func note(_ change: (inout Facts) -> Void) {
        let ready = state.withLock { state in
            change(&state.facts)
            let facts = state.facts
            let ready = state.waiters.filter { $0.holds(facts) }
            state.waiters.removeAll { $0.holds(facts) }
            return ready
        }
        for waiter in ready {
            waiter.continuation.resume()
        }
    }

    /// Runs the closure on a thread that `stop` waits for; not at all once the server is stopped.
    private func spawn(_ body: @escaping @Sendable (LoopbackServer) -> Void) {
        final class Start: Sendable {
            let server: LoopbackServer
            let body: @Sendable (LoopbackServer) -> Void
            init(_ server: LoopbackServer, _ body: @escaping @Sendable (LoopbackServer) -> Void) {
                self.server = server
                self.body = body
            }
        }
        let start = Start(self, body)
        state.withLock { state in
            var thread = pthread_t()
            let status = unsafe pthread_create(
                &thread,
                nil,
                { argument in
                    guard let argument = unsafe argument else { return nil }
                    let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                    start.body(start.server)
                    return nil
                },
                Unmanaged.passRetained(start).toOpaque()
            )
            if status == 0 {
                state.threads.append(thread)
            }
        }
    }
}
