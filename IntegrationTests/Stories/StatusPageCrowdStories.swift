import FoundationEssentials
import Simulators
import Testing

/// The status pages under people who mean no good, by the real binary: the daemon's work goes on, its memory is bounded, and a proper
/// scrape is answered.
@Suite(.serialized, .timeLimit(.minutes(10))) struct `The status pages under a crowd` {
    /// What a crowd may cost in anonymous memory, in KiB: 32 places with a few buffers each. A sanitizer keeps what is freed, up to 256 MiB.
    private static let memoryBound = ProcessInfo.processInfo.environment["ASAN_OPTIONS"] == nil ? 1024 : 300 << 10

    @Test func `of 1,000 that send a byte at a time or nothing, answer a scrape and shut all out`() async throws {
        try await Stage.play { stage in
            try await stage.handler(Stage.quick) { handler in
                let port = try await Stage.statusPort(of: handler)
                _ = await handler.line(containing: "checks at start are done")
                #expect(try await Stage.page("/metrics", at: port, untilStatus: 200) != nil)
                let before = try #require(ProcessSample(of: handler.processID))
                let begin = SystemWallClock().now
                let crowd = try Crowd(of: 1000, port: port)
                let opened = SystemWallClock().now

                #expect(try await Stage.page("/metrics", at: port, untilStatus: 200) != nil)
                let scraped = SystemWallClock().now

                let request = Array("GET /metrics HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 900))".utf8)
                var (peak, sent) = (before.anonymous, 0)
                while !crowd.isShutOut, !Task.isCancelled {
                    crowd.sendOfHalf(request[sent % request.count])
                    sent += 1
                    peak = max(peak, ProcessSample(of: handler.processID)?.anonymous ?? 0)
                    await stage.untilAsked(1)
                }
                let end = SystemWallClock().now

                let gaps = stage.pollGaps(from: begin, to: end)
                print(
                    """
                    crowd: opened in \(begin.duration(to: opened)), scraped after \(opened.duration(to: scraped)), \
                    all shut out after \(opened.duration(to: end)); anonymous memory \(before.anonymous) KiB, \
                    at most \(peak) KiB; \(gaps.count) polls, longest gap \(gaps.max() ?? .zero)
                    """)
                #expect(crowd.answers.allSatisfy { $0.isEmpty })
                // A place is free for a newcomer after a second at most, and for everybody after five.
                #expect(opened.duration(to: scraped) < .seconds(5))
                #expect(opened.duration(to: end) < .seconds(15))
                #expect(peak - before.anonymous < Self.memoryBound)
                #expect(gaps.count > 10)
                #expect((gaps.max() ?? .zero) < .seconds(2))
            }
        }
    }

    /// Something that a visitor does, and what the answer begins with; `nil` when there is to be none.
    struct Visit: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let answer: String?
    }

    private static let hello = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let visits = [
        Visit(
            testDescription: "a target of 1 MiB",
            bytes: Array("GET /\(String(repeating: "a", count: 1 << 20)) HTTP/1.1\r\n\r\n".utf8), answer: "HTTP/1.1 431"
        ),
        Visit(
            testDescription: "10,000 header fields",
            bytes: Array("GET /healthz HTTP/1.1\r\n\(String(repeating: "A: a\r\n", count: 10_000))\r\n".utf8),
            answer: "HTTP/1.1 431"),
        Visit(
            testDescription: "1,000 requests at once", bytes: Array(String(repeating: hello, count: 1000).utf8),
            answer: "HTTP/1.1 200"),
        Visit(
            testDescription: "a body of 4 MiB that nobody wants",
            bytes: Array("POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 4194304\r\n\r\n".utf8)
                + [UInt8](repeating: 0x61, count: 4 << 20), answer: "HTTP/1.1 405"),
        Visit(
            testDescription: "a chunked body without end",
            bytes: Array("GET /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
                + [UInt8](repeating: 0x30, count: 1 << 20), answer: "HTTP/1.1 200"),
        Visit(testDescription: "1 MiB of zeros", bytes: [UInt8](repeating: 0, count: 1 << 20), answer: "HTTP/1.1 400"),
        Visit(
            testDescription: "1 MiB of empty lines",
            bytes: Array(String(repeating: "\r\n", count: 1 << 19).utf8), answer: nil),
    ]

    @Test func `that asks for too much gets one answer each at most, and costs no memory`() async throws {
        try await Stage.play { stage in
            try await stage.handler(Stage.quick) { handler in
                let port = try await Stage.statusPort(of: handler)
                _ = await handler.line(containing: "checks at start are done")
                #expect(try await Stage.page("/metrics", at: port, untilStatus: 200) != nil)
                let before = try #require(ProcessSample(of: handler.processID))
                for visit in Self.visits {
                    let visitor = try Visitor(port: port)
                    visitor.send(visit.bytes)
                    while !visitor.isShutOut, !Task.isCancelled {
                        await stage.untilAsked(1)
                        visitor.look()
                    }
                    let answers = visitor.text.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: true).count
                    // A reset, because we sent more than was read, may overtake the answer.
                    #expect(answers <= 1, "\(visit.testDescription): \(visitor.text.prefix(200))")
                    let isAsExpected =
                        visitor.received.isEmpty || visit.answer.map { visitor.text.hasPrefix($0) } ?? false
                    #expect(isAsExpected, "\(visit.testDescription): \(visitor.text.prefix(200))")
                }
                let after = try #require(ProcessSample(of: handler.processID))
                print("visits: anonymous memory \(before.anonymous) KiB before, \(after.anonymous) KiB after")
                #expect(after.anonymous - before.anonymous < Self.memoryBound)
                #expect(try await Stage.page("/healthz", at: port, untilStatus: 200) != nil)
            }
        }
    }

    @Test func `of 2,000 that reset their connections leave nothing behind`() async throws {
        try await Stage.play { stage in
            try await stage.handler(Stage.quick) { handler in
                let port = try await Stage.statusPort(of: handler)
                _ = await handler.line(containing: "checks at start are done")
                #expect(try await Stage.page("/metrics", at: port, untilStatus: 200) != nil)
                let before = try #require(ProcessSample(of: handler.processID))
                for number in 0..<2000 {
                    let visitor = try Visitor(port: port)
                    if number.isMultiple(of: 2) { visitor.send(Array(Self.hello.utf8)) }
                    visitor.resetAtEnd()
                }
                #expect(try await Stage.page("/metrics", at: port, untilStatus: 200) != nil)
                // The descriptors of the last visitors are closed within the limits' time.
                var after = try #require(ProcessSample(of: handler.processID))
                for _ in 0..<100 where after.descriptors > before.descriptors + 4 {
                    await stage.untilAsked(1)
                    after = try #require(ProcessSample(of: handler.processID))
                }
                print("resets: before \(before), after \(after)")
                #expect(after.descriptors <= before.descriptors + 4)
                #expect(after.anonymous - before.anonymous < Self.memoryBound)
                #expect(after.threads <= before.threads + 1)
            }
        }
    }
}

/// What the daemon opens to others.
@Suite(.timeLimit(.minutes(10))) struct `The daemon's listening sockets` {
    @Test func `are the status pages' and no other`() async throws {
        try await Stage.play { stage in
            try await stage.handler(Stage.quick) { handler in
                let port = try await Stage.statusPort(of: handler)
                await stage.playSpotNotice()
                let listening = try ListeningSockets.addresses(of: handler.processID)
                #expect(listening == ["127.0.0.1:\(port)"])
            }
        }
    }

    @Test func `are none when the status pages are off`() async throws {
        try await Stage.play { stage in
            try await stage.handler(Stage.quick + ["--metrics-address", "off"]) { handler in
                await stage.untilListening()
                await stage.playSpotNotice()
                let listening = try ListeningSockets.addresses(of: handler.processID)
                #expect(listening == [])
            }
        }
    }
}

/// Connections that stay open as long as they are let.
private final class Crowd {
    private let members: [Visitor]

    init(of count: Int, port: Int) throws {
        members = try (0..<count).map { _ in try Visitor(port: port) }
    }

    /// Every second one sends the next byte of its request; the others say nothing.
    func sendOfHalf(_ byte: UInt8) {
        for index in members.indices where index.isMultiple(of: 2) { members[index].send([byte]) }
    }

    /// Whether all of them were shut out by now.
    var isShutOut: Bool {
        for member in members { member.look() }
        return members.allSatisfy { $0.isShutOut }
    }

    /// What each of them got.
    var answers: [[UInt8]] { members.map { $0.received } }
}

extension Stage {
    /// The times between two reads of the spot notice in that span.
    fileprivate func pollGaps(from begin: WallTime, to end: WallTime) -> [Duration] {
        let times = lab.metadata.log.entries
            .filter { $0.request.path.hasSuffix("spot/instance-action") && begin <= $0.time && $0.time <= end }.map(
                \.time)
        return zip(times, times.dropFirst()).map { $0.duration(to: $1) }
    }
}
