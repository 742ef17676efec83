import NIOCore
import NIOPosix
import Synchronization

/// An HTTP server for one simulator: counts, goes away, comes back, falls silent.
public final class LabServer: Sendable {
    /// How it listens.
    public let configuration: LabServerConfiguration
    private let service: any LabService
    private let ledger = ConnectionLedger()
    private let work: AsyncStream<ServerWork>
    private let intake: AsyncStream<ServerWork>.Continuation
    private let state = Mutex(State())

    private struct State {
        var listeners: [any Channel] = []
        /// Keeps the port from the start on, also while nobody listens.
        var hold: PortHold?
        var owner: Task<Void, Never>?
        var isStopped = false
    }

    /// Why a server cannot do what it was asked.
    public enum Failure: Error, Equatable {
        /// It was stopped, or never started.
        case notRunning
    }

    /// A server that does not listen yet.
    public init(_ service: some LabService, configuration: LabServerConfiguration = LabServerConfiguration()) {
        self.service = service
        self.configuration = configuration
        (work, intake) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(16_384))
    }

    /// Starts to listen, and returns the port; throws what binding threw.
    public func start() async throws -> Int {
        let hold = try PortHold(configuration.addresses, port: configuration.port)
        try await listen(on: hold)
        // The one task of the server that no caller awaits in place: `stop` cancels it and waits for its end, and every
        // exchange is a child of it.
        let owner = Task { await self.serve() }
        state.withLock { $0.owner = owner }
        return hold.port
    }

    /// Closes everything and waits until nothing of this server runs any more.
    public func stop() async {
        let (listeners, owner) = state.withLock { state in
            state.isStopped = true
            defer { state.listeners = [] }
            return (state.listeners, state.owner)
        }
        for listener in listeners { await listener.closed() }
        intake.finish()
        owner?.cancel()
        await dropConnections()
        await owner?.value
    }

    /// The port it listens on, or listened on before it went away; nil before the start.
    public var port: Int? { state.withLock { $0.hold?.port } }
    /// How many TCP connections it has accepted.
    public var connectionCount: Int { ledger.accepted }
    /// How many connections are open now.
    public var openConnectionCount: Int { ledger.open.count }
    /// How many requests it has read.
    public var requestCount: Int { ledger.requests }

    /// Refuses connections from now on, and closes the open ones.
    public func goAway() async {
        let listeners = state.withLock { state in
            defer { state.listeners = [] }
            return state.listeners
        }
        for listener in listeners { await listener.closed() }
        await dropConnections()
    }

    /// Refuses connections for that long, as an API server that is being restarted; returns at once.
    public func goAway(for duration: Duration) async {
        await goAway()
        intake.yield(.comeBack(after: duration))
    }

    /// Whether it refuses connections now.
    public var isAway: Bool { state.withLock { $0.listeners.isEmpty } }

    /// Listens again on the port it had; throws what binding threw.
    public func comeBack() async throws {
        let (hold, isListening) = state.withLock { ($0.isStopped ? nil : $0.hold, !$0.listeners.isEmpty) }
        guard let hold else { throw Failure.notRunning }
        if !isListening { try await listen(on: hold) }
    }

    /// Closes every open connection without a word.
    public func dropConnections() async {
        let open = ledger.open
        for connection in open { connection.abort() }
        for connection in open { await connection.channel.awaitClosed() }
    }

    /// Sends nothing any more: not on open connections, and not on those still to be accepted.
    public func silence() {
        ledger.setSilence(true)
    }

    /// Lets new connections be answered again; silent ones stay silent.
    public func endSilence() {
        ledger.setSilence(false)
    }

    private func serve() async {
        await withDiscardingTaskGroup { group in
            for await piece in work {
                switch piece {
                case .exchange(let exchange):
                    group.addTask { await exchange.answer(from: self.service, following: self.configuration) }
                case .comeBack(let delay):
                    group.addTask {
                        // Without the sleep, or without the port, it stays away: `isAway` tells.
                        try? await self.configuration.pauses.sleep(for: delay)
                        if !Task.isCancelled { try? await self.comeBack() }
                    }
                }
            }
            group.cancelAll()
        }
    }

    private func listen(on hold: PortHold) async throws {
        let setup = try ConnectionSetup(configuration, ledger: ledger, work: intake)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { setup.configure($0) }
        var bound: [any Channel] = []
        do {
            for address in hold.addresses { bound.append(try await bootstrap.bind(to: address).get()) }
        } catch {
            for listener in bound { await listener.closed() }
            throw error
        }
        let listeners = bound
        let isTooLate = state.withLock { state in
            if state.isStopped { return true }
            state.listeners = listeners
            state.hold = hold
            return false
        }
        // It was stopped while it was about to come back.
        if isTooLate {
            for listener in listeners { await listener.closed() }
            throw Failure.notRunning
        }
    }
}

extension Channel {
    /// Closes the channel, and returns when it is closed, by whomever.
    fileprivate func closed() async {
        close(promise: nil)
        await awaitClosed()
    }

    /// Returns when the channel is closed.
    fileprivate func awaitClosed() async {
        // A channel's close future never fails in a way that leaves it open.
        try? await closeFuture.get()
    }
}
