import NIOCore
import NIOHTTP1

/// What a server's owner task is given to do.
enum ServerWork: Sendable {
    /// A request to answer.
    case exchange(Exchange)
    /// To listen again after that time.
    case comeBack(after: Duration)
}

/// One request and the channel on which its answer is sent.
struct Exchange: Sendable {
    let request: LabRequest
    let keepsAlive: Bool
    let channel: any Channel
    let connection: LabConnection

    /// Asks the service and sends what it says; returns when the answer is out or nobody waits for it.
    func answer(from service: some LabService, following configuration: LabServerConfiguration) async {
        let response = await service.respond(to: request)
        switch response.fate {
        case .hang:
            return
        case .drop:
            if request.isHTTP2 { channel.close(promise: nil) } else { connection.abort() }
        case .silence:
            connection.silence()
        case .answer:
            let closes = !request.isHTTP2 && (!keepsAlive || configuration.closesAfterAnswer)
            await send(response, closes: closes, pauses: configuration.pauses)
        }
    }

    private func send(_ response: LabResponse, closes: Bool, pauses: any Clock<Duration>) async {
        let hasBody = request.method != "HEAD" && response.status != 204 && response.status != 304
        let declared: Int? =
            switch response.body {
            case .bytes(let bytes), .slow(let bytes, _): hasBody || request.method == "HEAD" ? bytes.count : nil
            case .truncated(_, let declared): declared
            case .stream: nil
            }
        let head = head(response, length: declared, closes: closes)
        switch response.body {
        case .bytes(let bytes):
            sendAll(head, hasBody ? bytes : [], closes: closes)
        case .truncated(let bytes, _):
            await attempt {
                channel.write(HTTPServerResponsePart.head(head), promise: nil)
                try await write(bytes)
            }
            if request.isHTTP2 { channel.close(promise: nil) } else { connection.abort() }
        case .slow(let bytes, let pause):
            await attempt {
                try await channel.writeAndFlush(HTTPServerResponsePart.head(head))
                for byte in bytes {
                    try await pauses.sleep(for: pause)
                    try await write([byte])
                }
                try await finish(closes: closes)
            }
        case .stream(let chunks):
            await whileConnected {
                await attempt {
                    try await channel.writeAndFlush(HTTPServerResponsePart.head(head))
                    for await chunk in chunks { try await write(chunk) }
                    if !Task.isCancelled { try await finish(closes: closes) }
                }
            }
        }
    }

    /// Runs the work until it is done or the client has gone; the work is cancelled in that case.
    private func whileConnected(_ work: @escaping @Sendable () async -> Void) async {
        let (gone, leaving) = AsyncStream<Never>.makeStream()
        channel.closeFuture.whenComplete { _ in leaving.finish() }
        await withTaskGroup { group in
            group.addTask { await work() }
            group.addTask { for await _ in gone {} }
            await group.next()
            group.cancelAll()
        }
    }

    /// Runs the writes; a client that has gone ends them, which is no fault of the server's.
    private func attempt(_ writes: () async throws -> Void) async {
        do { try await writes() } catch { return }
    }

    private func head(_ response: LabResponse, length: Int?, closes: Bool) -> HTTPResponseHead {
        var headers = HTTPHeaders(response.headers.map { ($0.name, $0.value) })
        if let length, !headers.contains(name: "Content-Length"), !headers.contains(name: "Transfer-Encoding") {
            headers.add(name: "Content-Length", value: String(length))
        }
        if closes { headers.replaceOrAdd(name: "Connection", value: "close") }
        return HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
    }

    private func sendAll(_ head: HTTPResponseHead, _ bytes: [UInt8], closes: Bool) {
        channel.eventLoop.execute { [channel] in
            channel.write(HTTPServerResponsePart.head(head), promise: nil)
            if !bytes.isEmpty {
                let buffer = channel.allocator.buffer(bytes: bytes)
                channel.write(HTTPServerResponsePart.body(.byteBuffer(buffer)), promise: nil)
            }
            let sent = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
            if closes { sent.whenComplete { _ in channel.close(promise: nil) } }
        }
    }

    private func write(_ bytes: [UInt8]) async throws {
        let buffer = channel.allocator.buffer(bytes: bytes)
        try await channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(buffer)))
    }

    private func finish(closes: Bool) async throws {
        try await channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        if closes { try await channel.close() }
    }
}
