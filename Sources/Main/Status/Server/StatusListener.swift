import NIOCore
import NIOHTTP1
import NIOPosix

/// Opens the listening socket and sets each connection up.
struct StatusListener {
    /// A newcomer found no place.
    private struct NoPlace: Error {}

    /// Connections that the kernel keeps for us between two looks; what comes beyond waits a second for its next try.
    private static let backlog: Int32 = 256
    /// Bytes that are read at once; a request fits.
    private static let readSize = 2048

    let pages: StatusPages
    let limits: ServerLimits

    /// Listens at `address`; throws what the system says when it cannot.
    func open(_ address: SocketAddress, on group: any EventLoopGroup) async throws -> any Channel {
        let (pages, limits) = (pages, limits)
        let register = ConnectionRegister(limits: limits)
        return try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: StatusListener.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: 32)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: StatusListener.readSize)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard register.admit(channel) else { throw NoPlace() }
                    try StatusListener.setUp(channel, pages, limits, register)
                }
            }
            .bind(to: address).get()
    }

    /// What reads and answers on a new connection.
    static func setUp(
        _ channel: any Channel, _ pages: StatusPages, _ limits: ServerLimits, _ register: ConnectionRegister
    ) throws {
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = limits.fieldBytes
        decoding.maxHeaderListSize = limits.headerBytes
        decoding.maxHeaderFieldCount = 64
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: decoding)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ByteLimit(limits.connectionBytes))
        try pipeline.addHandler(HTTPResponseEncoder())
        try pipeline.addHandler(ByteToMessageHandler(decoder))
        try pipeline.addHandler(StatusConnection(pages: pages, limits: limits, register: register))
    }
}
