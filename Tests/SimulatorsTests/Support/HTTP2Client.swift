import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import Simulators

/// One HTTP/2 connection of a test, on which requests are sent side by side.
struct HTTP2Connection: Sendable {
    private let multiplexer: NIOHTTP2Handler.AsyncStreamMultiplexer<Void>
    private let authority: String

    /// Connects by TLS for as long as the closure runs.
    static func with<Result: Sendable>(
        port: Int, trusting certificates: LabCertificates, identity: LabCertificates.Identity? = nil,
        _ body: (HTTP2Connection) async throws -> Result
    ) async throws -> Result {
        let tls = try NIOSSLContext(
            configuration: certificates.clientConfiguration(protocols: ["h2"], identity: identity))
        let (channel, multiplexer) = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: tls, serverHostname: nil))
                    let multiplexer = try channel.pipeline.syncOperations.configureAsyncHTTP2Pipeline(
                        mode: .client,
                        streamInitializer: { $0.eventLoop.makeSucceededVoidFuture() })
                    return (channel, multiplexer)
                }
            }
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(
                try await body(HTTP2Connection(multiplexer: multiplexer, authority: "127.0.0.1:\(port)")))
        } catch { outcome = .failure(error) }
        channel.close(promise: nil)
        return try outcome.get()
    }

    /// Opens a stream for one request, and reads its answer as far as the closure wants.
    func stream<Result: Sendable>(
        _ method: String, _ target: String, body: [UInt8] = [],
        _ reading: (NIOAsyncChannelInboundStream<HTTPClientResponsePart>) async throws -> Result
    ) async throws -> Result {
        let stream = try await multiplexer.openStream { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    HTTP2FramePayloadToHTTP1ClientCodec(httpProtocol: .https))
                return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                    wrappingChannelSynchronously: channel)
            }
        }
        return try await stream.executeThenClose { inbound, outbound in
            let head = HTTPRequestHead(
                version: .http1_1, method: HTTPMethod(rawValue: method), uri: target, headers: ["Host": authority])
            try await outbound.write(.head(head))
            if !body.isEmpty { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body)))) }
            try await outbound.write(.end(nil))
            return try await reading(inbound)
        }
    }

    /// Sends one request, and returns its whole answer; nil when the stream ended without one.
    func send(_ method: String, _ target: String, body: [UInt8] = []) async throws -> LabClient.Answer? {
        try await stream(method, target, body: body) { parts in
            var answer: LabClient.Answer?
            for try await part in parts {
                switch part {
                case .head(let head):
                    answer = LabClient.Answer(
                        status: Int(head.status.code), headers: head.headers.map { (name: $0.name, value: $0.value) },
                        body: [])
                case .body(let buffer): answer?.body += Array(buffer.readableBytesView)
                case .end: return answer
                }
            }
            return answer
        }
    }
}
