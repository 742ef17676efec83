import NIOCore
import Synchronization

/// One TCP connection of a server, whatever is spoken on it.
final class LabConnection: Sendable {
    /// Counted from 1 in the order of acceptance.
    let number: Int
    /// The connection's own channel, below TLS and HTTP/2.
    let channel: any Channel
    private let silenced = Atomic<Bool>(false)
    private let subject = Mutex<String?>(nil)

    init(number: Int, channel: any Channel) {
        self.number = number
        self.channel = channel
    }

    /// Whether nothing may be sent any more.
    var isSilent: Bool { silenced.load(ordering: .relaxed) }

    /// The subject of the certificate that the client showed; nil without one.
    var peerSubject: String? {
        get { subject.withLock { $0 } }
        set { subject.withLock { $0 = newValue } }
    }

    /// From now on nothing is sent on this connection, TLS alerts and HTTP/2 PING answers included.
    func silence() {
        silenced.store(true, ordering: .relaxed)
    }

    /// Closes the TCP connection at once, without TLS's farewell, which a silent peer could delay.
    func abort() {
        channel.eventLoop.execute { [channel] in
            guard let context = try? channel.pipeline.syncOperations.context(handlerType: WireHandler.self) else {
                // Without a wire handler the channel is not set up yet, or is already torn down.
                return channel.close(promise: nil)
            }
            context.close(promise: nil)
        }
    }
}

/// The innermost handler: it swallows what a silent connection would send, its end included.
final class WireHandler: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let connection: LabConnection

    init(_ connection: LabConnection) {
        self.connection = connection
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard connection.isSilent else { return context.write(data, promise: promise) }
        promise?.succeed()
    }

    /// A silent connection does not say farewell either: only `abort`, which starts below this handler, closes it.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard connection.isSilent else { return context.close(mode: mode, promise: promise) }
        promise?.succeed()
    }
}
