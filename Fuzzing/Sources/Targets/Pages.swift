import NIOCore
import NIOEmbedded

@testable import Status

/// Bytes of a stranger to the status server: at most one answer, bounded, and the connection ends.
@Sendable func examinePages(_ input: [UInt8]) {
    let pages = StatusPages(
        metrics: { "metric 1\n" }, heartbeatAge: { .zero }, obstacles: { ["the \"metadata\" service is away\nno"] })
    let limits = ServerLimits()
    let register = ConnectionRegister(limits: limits)
    let channel = EmbeddedChannel()
    expect(register.admit(channel), "there is a place")
    do {
        try StatusListener.setUp(channel, pages, limits, register)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    } catch {
        expect(false, "the pipeline is there: \(error)")
    }
    var choices = Choices(input)
    for piece in input.pieces(&choices) where channel.isActive {
        // What is wrong with the input is answered or ends the connection; thrown is only that somebody was told.
        _ = try? channel.writeInbound(ByteBuffer(bytes: piece))
    }
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    var written: [UInt8] = []
    while let buffer = try? channel.readOutbound(as: ByteBuffer.self) { written += Array(buffer.readableBytesView) }
    let answer = String(decoding: written, as: UTF8.self)
    if !written.isEmpty {
        let codes = [200, 400, 404, 405, 431, 503]
        expect(codes.contains { answer.hasPrefix("HTTP/1.1 \($0) ") }, "one of our answers")
        expect(answer.ranges(of: "HTTP/1.1 ").count == 1, "one answer")
        expect(written.count < 8192, "a bounded answer")
    }
    channel.embeddedEventLoop.advanceTime(by: .seconds(30))
    expect(!channel.isActive, "the connection ends")
    expect(register.count == 0, "its place is free")
    _ = try? channel.finish(acceptAlreadyClosed: true)
}
