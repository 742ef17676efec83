import NIOCore
import NIOHTTP1

/// Gathers one request after the other from a channel and hands each over as an exchange.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let connection: LabConnection
    private let isHTTP2: Bool
    private let ledger: ConnectionLedger
    private let work: AsyncStream<ServerWork>.Continuation
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(
        _ connection: LabConnection, isHTTP2: Bool, ledger: ConnectionLedger,
        work: AsyncStream<ServerWork>.Continuation
    ) {
        self.connection = connection
        self.isHTTP2 = isHTTP2
        self.ledger = ledger
        self.work = work
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
            if head.headers["Expect"].contains(where: { $0.lowercased() == "100-continue" }) {
                let head = HTTPResponseHead(version: .http1_1, status: .continue)
                context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
            }
        case .body(let buffer):
            body.append(contentsOf: buffer.readableBytesView)
        case .end:
            guard let head else { return }
            self.head = nil
            ledger.countRequest()
            let exchange = Exchange(
                request: request(head), keepsAlive: head.isKeepAlive, channel: context.channel, connection: connection)
            body = []
            // The queue is bounded: who sends more requests than it holds loses this one with its connection.
            if case .dropped = work.yield(.exchange(exchange)) { connection.abort() }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func request(_ head: HTTPRequestHead) -> LabRequest {
        let target = RequestTarget(head.uri)
        var headers = head.headers.map { (name: $0.name, value: $0.value) }
        // A client must not be able to claim a certificate that it did not show.
        headers.removeAll { $0.name.lowercased() == "x-lab-client-certificate" }
        if let subject = connection.peerSubject {
            headers.append((name: "x-lab-client-certificate", value: subject))
        }
        return LabRequest(
            method: head.method.rawValue, path: target.path, query: target.query, headers: headers, body: body,
            isHTTP2: isHTTP2, connectionNumber: connection.number)
    }
}
