import Interruption
import Logging
import ServiceLifecycle
import Status
import Synchronization
import Testing

@Suite struct StatusServerTests {
    private static let hello = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test func `a page is served with its kind and length, then the connection is closed`() async throws {
        try await withServer { address in
            let answer = try await exchanged("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", port: address.port)
            #expect(
                answer == """
                    HTTP/1.1 200 OK\r
                    Content-Type: text/plain; version=0.0.4; charset=utf-8\r
                    Content-Length: 5\r
                    Connection: close\r
                    \r
                    up 1\n
                    """)
        }
    }

    /// A request, how its answer begins and how it ends.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: String
        let status: String
        let ending: String

        init(_ description: String, _ request: String, _ status: String, _ ending: String) {
            self.testDescription = description
            self.request = request
            self.status = status
            self.ending = ending
        }
    }

    private static let long = String(repeating: "a", count: 5000)
    private static let fields = String(repeating: "A: \(String(repeating: "a", count: 900))\r\n", count: 10)
    private static let many = String(repeating: "A: a\r\n", count: 100)

    @Test(arguments: [
        Case(
            "HEAD", "HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "200 OK",
            "Content-Length: 5\r\nConnection: close\r\n\r\n"),
        Case("unknown page", "GET /x HTTP/1.1\r\nHost: x\r\n\r\n", "404 Not Found", "/readyz\n"),
        Case("HTTP/1.0", "GET /healthz HTTP/1.0\r\n\r\n", "200 OK", "ok\n"),
        Case(
            "POST with a body", "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi",
            "405 Method Not Allowed", "Allow: GET, HEAD\r\n\r\nonly GET and HEAD\n"),
        Case("TLS", "\u{16}\u{3}\u{1} hello\r\n\r\n", "400 Bad Request", "this is not HTTP\n"),
        Case("long field", "GET /healthz HTTP/1.1\r\nA: \(long)\r\n\r\n", "431 ", "too large\n"),
        Case("long target", "GET /healthz?\(long) HTTP/1.1\r\n\r\n", "431 ", "too large\n"),
        Case("large header", "GET /healthz HTTP/1.1\r\n\(fields)\r\n", "431 ", "too large\n"),
        Case("many fields", "GET /healthz HTTP/1.1\r\n\(many)\r\n", "431 ", "too large\n"),
        Case("two at once", "\(hello)\(hello)", "200 OK", "Connection: close\r\n\r\nok\n"),
    ])
    func `a request has its answer`(given: Case) async throws {
        try await withServer { address in
            let answer = try await exchanged(given.request, port: address.port)
            #expect(answer.hasPrefix("HTTP/1.1 \(given.status)"), "\(answer)")
            #expect(answer.hasSuffix(given.ending), "\(answer)")
        }
    }

    @Test func `a client that ends its side first is answered all the same`() async throws {
        try await withServer { address in
            let answer = try await exchanged(Self.hello, port: address.port, finishing: true)
            #expect(answer.hasSuffix("ok\n"))
        }
    }

    @Test(arguments: ["", "GET /healthz HTTP/1.1\r\nHost: "])
    func `a request that does not come to its end is not waited for`(beginning: String) async throws {
        try await withServer(limits: ServerLimits(toSend: .milliseconds(30))) { address in
            let answer = try await exchanged(beginning, port: address.port)
            #expect(answer == "")
        }
    }

    @Test func `a connection may not send for ever`() async throws {
        try await withServer(limits: ServerLimits(connectionBytes: 1000)) { address in
            let answer = try await exchanged(String(repeating: "\r\n", count: 2000), port: address.port)
            #expect(answer == "")
        }
    }

    @Test func `a client that does not fetch its answer is shut out, and its place is free again`() async throws {
        let large = String(repeating: "x", count: 16 << 20)
        let limits = ServerLimits(connections: 1, toReceive: .milliseconds(50))
        try await withServer(.fixed(metrics: large), limits: limits) { address in
            let port = address.port
            try await offPool {
                let idler = try Wire(port: port)
                idler.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
                var answers = [""]
                // Each try is a connection that is refused, until the idler's time is over.
                while answers.last?.hasSuffix("ok\n") != true, answers.count < 1_000_000 {
                    let wire = try Wire(port: port)
                    wire.send(Self.hello)
                    answers.append(try wire.received())
                }
                let fetched = try idler.received()
                #expect(answers.last?.hasSuffix("ok\n") == true)
                #expect(fetched.utf8.count < large.utf8.count)
            }
        }
    }

    @Test func `a connection too many is closed at once`() async throws {
        try await withServer(limits: ServerLimits(connections: 2, patience: .seconds(60))) { address in
            let port = address.port
            let answers = try await offPool {
                let first = try Wire(port: port)
                let second = try Wire(port: port)
                let third = try Wire(port: port)
                third.send(Self.hello)
                let answer = try third.received()
                first.send(Self.hello)
                second.send(Self.hello)
                return [answer, try first.received(), try second.received()]
            }
            #expect(answers.map { $0.suffix(3) } == ["", "ok\n", "ok\n"])
        }
    }

    @Test func `a crowd that asks for nothing does not keep a probe out`() async throws {
        try await withServer(limits: ServerLimits(connections: 4, patience: .zero)) { address in
            let port = address.port
            let answer = try await offPool {
                try withCrowd(of: 200, port: port) {
                    let probe = try Wire(port: port)
                    probe.send(Self.hello)
                    return try probe.received()
                }
            }
            #expect(answer.hasSuffix("ok\n"))
        }
    }

    @Test func `a port that is taken costs a warning and is got when it is free`() async throws {
        let occupant = try Occupant()
        let timeline = StepTimeline { if $0 == 3 { occupant.leave() } }
        let capture = LogCapture()
        let (addresses, continuation) = AsyncStream.makeStream(of: ListenAddress.self)
        let server = StatusServer(
            address: try ListenAddress("127.0.0.1:\(occupant.port)"), pages: .fixed(),
            logger: capture.logger(level: .info),
            timeline: timeline, listening: { continuation.yield($0) })
        await withDiscardingTaskGroup { group in
            group.addTask { await server.run() }
            for await address in addresses {
                #expect(address.port == occupant.port)
                break
            }
            group.cancelAll()
        }
        #expect(timeline.pauses.count == 3)
        #expect(timeline.pauses.last.map { $0 >= .seconds(1) && $0 <= .seconds(2) } == true)
        #expect(capture.lines.count { $0.hasPrefix("warning  status pages cannot be served; it is tried again ") } == 2)
        #expect(capture.lines.last == "info     status pages are served address=127.0.0.1:\(occupant.port)\n")
    }

    @Test func `an IPv6 address is served`() async throws {
        try await withServer(at: "[::1]:0") { address in
            #expect(address.description.hasPrefix("[::1]:"))
            #expect(address.port > 0)
        }
    }

    @Test(arguments: [nil, "127.0.0.1:0"])
    func `it ends when the service group shuts down gracefully`(text: String?) async throws {
        let capture = LogCapture()
        let trigger = Mutex<ServiceGroup?>(nil)
        let server = StatusServer(
            address: try text.map { try ListenAddress($0) }, pages: .fixed(), logger: capture.logger(),
            timeline: StepTimeline())
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: server)], logger: capture.logger(level: .critical)))
        trigger.withLock { $0 = group }
        try await withThrowingDiscardingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask { await group.triggerGracefulShutdown() }
        }
    }
}

/// Runs `body` while that many connections stand that ask for nothing.
private func withCrowd<Value>(of count: Int, port: Int, _ body: () throws -> Value) throws -> Value {
    guard count > 0 else { return try body() }
    let member = try Wire(port: port)
    defer { extend(member) }
    return try withCrowd(of: count - 1, port: port, body)
}

private func extend(_ wire: borrowing Wire) {}
