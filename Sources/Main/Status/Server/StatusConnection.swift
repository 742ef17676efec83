import NIOCore
import NIOHTTP1

/// One connection: one request, one answer, goodbye. Kubelets and Prometheus come so rarely that keeping connections would only cost places.
final class StatusConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// What the connection is at.
    private enum Phase {
        /// The request is not complete. Next: answering.
        case listening
        /// The answer is on its way. Next: leaving.
        case answering
        /// The answer is out; waiting for the other side to close, because closing while it still sends would cost it the answer.
        case leaving
    }

    private let pages: StatusPages
    private let limits: ServerLimits
    private let register: ConnectionRegister
    private var phase = Phase.listening
    private var peerIsDone = false
    private var alarm: Scheduled<Void>?

    init(pages: StatusPages, limits: ServerLimits, register: ConnectionRegister) {
        self.pages = pages
        self.limits = limits
        self.register = register
    }

    func channelActive(context: ChannelHandlerContext) {
        close(context.channel, after: limits.toSend)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        alarm?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // The answer does not depend on a body, so it need not be waited for.
        guard case .listening = phase, case .head(let head) = unwrapInboundIn(data) else { return }
        answer(pages.answer(to: head.method.rawValue, target: head.uri), toHead: head.method == .HEAD, in: context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        peerIsDone = true
        switch phase {
        case .listening, .leaving: context.close(promise: nil)
        case .answering: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard case .listening = phase, let problem = error as? HTTPParserError else {
            return context.close(promise: nil)
        }
        let refusal: StatusAnswer =
            problem == .headerOverflow
            ? .plain(431, "the request's header is too large\n") : .plain(400, "this is not HTTP\n")
        answer(refusal, toHead: false, in: context)
    }

    private func answer(_ answer: StatusAnswer, toHead: Bool, in context: ChannelHandlerContext) {
        phase = .answering
        register.requestArrived(on: context.channel)
        close(context.channel, after: limits.toReceive)
        var headers: HTTPHeaders = [
            "Content-Type": answer.contentType,
            "Content-Length": String(answer.body.utf8.count),
            "Connection": "close",
        ]
        headers.add(contentsOf: answer.headers)
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !toHead {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
        }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in self.leave(channel) }
    }

    private func leave(_ channel: any Channel) {
        phase = .leaving
        channel.close(mode: peerIsDone ? .all : .output, promise: nil)
    }

    /// From now on the connection lives at most that long.
    private func close(_ channel: any Channel, after limit: Duration) {
        alarm?.cancel()
        alarm = channel.eventLoop.scheduleTask(in: TimeAmount(limit)) { channel.close(promise: nil) }
    }
}

/// Closes a connection that sends more bytes than any request of ours needs.
final class ByteLimit: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var left: Int

    init(_ limit: Int) {
        left = limit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        left -= unwrapInboundIn(data).readableBytes
        guard left >= 0 else { return context.close(promise: nil) }
        context.fireChannelRead(data)
    }
}
