import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOSSL

/// Builds the pipeline of each accepted connection.
struct ConnectionSetup: Sendable {
    /// Frames of a sort that a client may send within SwiftNIO's window of 30 s. It reserves room for them, so the greatest of all numbers
    /// would overflow.
    private static let framesRemembered = 1 << 16

    private let configuration: LabServerConfiguration
    private let ledger: ConnectionLedger
    private let work: AsyncStream<ServerWork>.Continuation
    private let tls: NIOSSLContext?

    init(
        _ configuration: LabServerConfiguration, ledger: ConnectionLedger,
        work: AsyncStream<ServerWork>.Continuation
    ) throws {
        self.configuration = configuration
        self.ledger = ledger
        self.work = work
        tls = try configuration.certificates.map { certificates in
            var server = try certificates.serverConfiguration(
                protocols: configuration.offersHTTP2 ? ["h2", "http/1.1"] : ["http/1.1"],
                asking: configuration.clientCertificates)
            if configuration.isStuckAtTLS11 {
                (server.minimumTLSVersion, server.maximumTLSVersion) = (.tlsv1, .tlsv11)
            }
            return try NIOSSLContext(configuration: server)
        }
    }

    func configure(_ channel: any Channel) -> EventLoopFuture<Void> {
        let connection = ledger.accept(channel)
        do {
            try channel.pipeline.syncOperations.addHandler(WireHandler(connection))
            guard let tls else {
                try configureHTTP1(channel, connection)
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
        return channel.configureHTTP2SecureUpgrade(
            h2ChannelConfigurator: { channel in
                channel.eventLoop.makeCompletedFuture { try configureHTTP2(channel, connection) }
            },
            http1ChannelConfigurator: { channel in
                channel.eventLoop.makeCompletedFuture {
                    connection.peerSubject = try channel.peerSubject()
                    try configureHTTP1(channel, connection)
                }
            })
    }

    private func configureHTTP1(_ channel: any Channel, _ connection: LabConnection) throws {
        try channel.pipeline.syncOperations.configureHTTPServerPipeline()
        try channel.pipeline.syncOperations.addHandler(
            RequestHandler(connection, isHTTP2: false, ledger: ledger, work: work))
    }

    private func configureHTTP2(_ channel: any Channel, _ connection: LabConnection) throws {
        connection.peerSubject = try channel.peerSubject()
        var http2 = NIOHTTP2Handler.ConnectionConfiguration()
        http2.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: configuration.concurrentStreams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: 1 << 16),
        ]
        http2.controlFrameRateLimit.maximumCount = ConnectionSetup.framesRemembered
        http2.targetWindowSize = 1 << 20
        // The limits against hostile clients would end a load test in the middle.
        var streams = NIOHTTP2Handler.StreamConfiguration()
        streams.streamResetFrameRateLimit.maximumCount = ConnectionSetup.framesRemembered
        streams.streamErrorRateLimit.maximumCount = ConnectionSetup.framesRemembered
        streams.targetWindowSize = 1 << 20
        streams.outboundBufferSizeHighWatermark = 1 << 17
        streams.outboundBufferSizeLowWatermark = 1 << 16
        _ = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .server, connectionConfiguration: http2, streamConfiguration: streams
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
                try stream.pipeline.syncOperations.addHandler(
                    RequestHandler(connection, isHTTP2: true, ledger: ledger, work: work))
            }
        }
    }
}

extension Channel {
    /// The subject of the certificate that the peer of this TLS channel showed; nil without one.
    fileprivate func peerSubject() throws -> String? {
        try pipeline.syncOperations.nioSSL_peerCertificate().map { try LabCertificates.subject(of: $0) }
    }
}
