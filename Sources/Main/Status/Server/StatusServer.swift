public import Interruption
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// Serves `/metrics`, `/healthz` and `/readyz` from one thread of its own, which answers even when everything else is stuck.
public struct StatusServer: Service {
    /// The shortest and the longest pause between two tries to get the port.
    private static let pauses = Duration.milliseconds(500)...Duration.seconds(30)

    private let address: ListenAddress?
    private let listener: StatusListener
    private let logger: Logger
    private let timeline: any Timeline
    private let jitter: any RandomNumberGenerator & Sendable
    private let listening: @Sendable (ListenAddress) -> Void

    /// A server for `pages`.
    ///
    /// - Parameters:
    ///   - address: Where to listen; `nil` serves nothing and starts nothing.
    ///   - pages: What to say.
    ///   - limits: What strangers may cost.
    ///   - logger: Takes warnings and the address.
    ///   - timeline: Measures the pauses between tries to get the port.
    ///   - jitter: Spreads those pauses.
    ///   - listening: Told the real address, each time the port was got.
    public init(
        address: ListenAddress?,
        pages: StatusPages,
        limits: ServerLimits = ServerLimits(),
        logger: Logger,
        timeline: any Timeline,
        jitter: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        listening: @escaping @Sendable (ListenAddress) -> Void = { _ in }
    ) {
        self.address = address
        self.listener = StatusListener(pages: pages, limits: limits)
        self.logger = logger
        self.timeline = timeline
        self.jitter = jitter
        self.listening = listening
    }

    /// Serves until the task is cancelled or shuts down gracefully. Never ends by a fault.
    public func run() async {
        guard let socketAddress = address?.socketAddress else {
            try? await gracefulShutdown()  // both ways to end are the same here
            return
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        await cancelWhenGracefulShutdown {
            await serve(at: socketAddress, on: group)
        }
        do {
            try await group.shutdownGracefully()
        } catch {
            logger.debug("status server's thread did not end in order", metadata: ["error": "\(error)"])
        }
    }

    private func serve(at socketAddress: SocketAddress, on group: any EventLoopGroup) async {
        var jitter: any RandomNumberGenerator = jitter
        var pause = StatusServer.pauses.lowerBound
        var failures = 0
        while !Task.isCancelled {
            do {
                let channel = try await open(socketAddress, on: group)
                pause = StatusServer.pauses.lowerBound
                failures = 0
                announce(channel)
                await closed(channel)
            } catch {
                failures += 1
                warn(error, failures)
                let jittered = pause * Double.random(in: 0.5...1, using: &jitter)
                guard (try? await timeline.sleep(for: jittered)) != nil else { return }  // cancelled: nothing is open
                pause = min(pause * 2, StatusServer.pauses.upperBound)
            }
        }
    }

    /// Where every address is meant and the machine has no IPv6, those of IPv4 are all.
    private func open(_ address: SocketAddress, on group: any EventLoopGroup) async throws -> any Channel {
        do {
            return try await listener.open(address, on: group)
        } catch {
            guard self.address?.host == "::",
                let old = ListenAddress(host: "0.0.0.0", port: address.port ?? 0).socketAddress
            else { throw error }
            return try await listener.open(old, on: group)
        }
    }

    /// Waits until the socket is closed, and closes it when the task is cancelled.
    private func closed(_ channel: any Channel) async {
        await withTaskCancellationHandler {
            try? await channel.closeFuture.get()  // closed is closed, whatever the reason
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private func announce(_ channel: any Channel) {
        guard let local = channel.localAddress, let host = local.ipAddress, let port = local.port else { return }
        let address = ListenAddress(host: host, port: port)
        logger.info("status pages are served", metadata: [LogField.address.rawValue: "\(address)"])
        listening(address)
    }

    private func warn(_ error: any Error, _ failures: Int) {
        let fields: LogFields = [
            .address: address.map { .string("\($0)") }, .reason: .string("\(error)"), .occurrences: .count(failures),
            .advice: "set another address with --metrics-address; everything else works all the same",
        ]
        logger.log(
            level: Repetition.isWorthTelling(failures) ? .warning : .debug,
            "status pages cannot be served; it is tried again", metadata: fields.metadata)
    }
}
