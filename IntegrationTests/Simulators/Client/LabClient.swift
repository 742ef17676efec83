import NIOCore
import NIOHTTP1
import NIOPosix
public import NIOSSL

/// A small HTTP/1.1 client for tests and for the lab's own command line.
public struct LabClient: Sendable {
    private let host: String
    private let port: Int
    private let tls: TLSConfiguration?

    /// What a server answered.
    public struct Answer: Sendable {
        /// The status.
        public var status: Int
        /// The header fields, in order.
        public var headers: [(name: String, value: String)]
        /// The body, complete.
        public var body: [UInt8]

        /// The body as text.
        public var text: String { String(decoding: body, as: UTF8.self) }

        /// An answer with all its parts.
        public init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
            self.status = status
            self.headers = headers
            self.body = body
        }

        /// The first header field of that name, whatever its case; nil when there is none.
        public func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// Why there is no complete answer.
    public enum Failure: Error, Equatable {
        /// The connection ended before the answer did; that many bytes of its body had come.
        case connectionEnded(received: Int)
        /// The server did not choose the protocol that was offered.
        case unexpectedProtocol
    }

    /// A client for that server; `tls` speaks HTTPS.
    public init(host: String = "127.0.0.1", port: Int, tls: TLSConfiguration? = nil) {
        self.host = host
        self.port = port
        self.tls = tls
    }

    /// Sends one request on a connection of its own.
    public func send(
        _ method: String, _ target: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) async throws -> Answer {
        try await withConnection { connection in
            try await connection.send(method, target, headers: headers, body: body)
        }
    }

    /// Opens a connection for as long as the closure runs.
    public func withConnection<Result: Sendable>(
        _ body: (inout Connection) async throws -> Result
    ) async throws -> Result {
        let context = try tls.map { try NIOSSLContext(configuration: $0) }
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(5))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        let handler = try NIOSSLClientHandler(context: context, serverHostname: nil)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                        wrappingChannelSynchronously: channel)
                }
            }
        let authority = "\(host.contains(":") ? "[\(host)]" : host):\(port)"
        return try await channel.executeThenClose { inbound, outbound in
            var connection = Connection(
                authority: authority, answers: inbound.makeAsyncIterator(), requests: outbound)
            return try await body(&connection)
        }
    }

    /// An open connection.
    public struct Connection {
        private let authority: String
        private var answers: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
        private let requests: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>

        fileprivate init(
            authority: String, answers: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator,
            requests: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>
        ) {
            self.authority = authority
            self.answers = answers
            self.requests = requests
        }

        /// Sends one request, and returns its whole answer.
        public mutating func send(
            _ method: String, _ target: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []
        ) async throws -> Answer {
            var answer = try await begin(method, target, headers: headers, body: body)
            while let piece = try await nextPiece() { answer.body += piece }
            return answer
        }

        /// Sends one request, and returns the head of its answer; `nextPiece` reads on.
        public mutating func begin(
            _ method: String, _ target: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []
        ) async throws -> Answer {
            var fields = HTTPHeaders([("Host", authority)] + headers.map { ($0.name, $0.value) })
            if !body.isEmpty { fields.add(name: "Content-Length", value: String(body.count)) }
            let head = HTTPRequestHead(
                version: .http1_1, method: HTTPMethod(rawValue: method), uri: target, headers: fields)
            try await requests.write(.head(head))
            if !body.isEmpty { try await requests.write(.body(.byteBuffer(ByteBuffer(bytes: body)))) }
            try await requests.write(.end(nil))
            while let part = try await answers.next(isolation: #isolation) {
                guard case .head(let head) = part, head.status != .continue else { continue }
                return Answer(
                    status: Int(head.status.code), headers: head.headers.map { (name: $0.name, value: $0.value) },
                    body: [])
            }
            throw Failure.connectionEnded(received: 0)
        }

        /// The next bytes of the answer's body; nil at its end.
        public mutating func nextPiece() async throws -> [UInt8]? {
            var received = 0
            while let part = try await answers.next(isolation: #isolation) {
                switch part {
                case .head: continue
                case .body(let buffer) where buffer.readableBytes == 0: continue
                case .body(let buffer):
                    received += buffer.readableBytes
                    return Array(buffer.readableBytesView)
                case .end: return nil
                }
            }
            throw Failure.connectionEnded(received: received)
        }
    }
}
