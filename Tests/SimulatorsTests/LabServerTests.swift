import NIOCore
import NIOPosix
import Simulators
import Testing

/// The server over real sockets, HTTP/1.1.
struct LabServerTests {
    @Test func `requests of one connection are answered in turn`() async throws {
        try await withServer(echo) { server, port async throws in
            let texts = try await LabClient(port: port).withConnection { connection async throws in
                var texts: [String] = []
                for number in 1...3 {
                    texts.append(
                        try await connection.send("POST", "/a%20b?x=1&y=a+b%26", body: [0, 1]).text + "\(number)")
                }
                return texts
            }
            #expect(texts == (1...3).map { #"POST /a b ["x=1", "y=a b&"] 2\#($0)"# })
            #expect(server.connectionCount == 1)
            #expect(server.requestCount == 3)
        }
    }

    @Test func `each connection has its number`() async throws {
        try await withServer(ScriptedService { .text(200, "\($0.connectionNumber)") }) { _, port async throws in
            #expect(try await LabClient(port: port).send("GET", "/").text == "1")
            #expect(try await LabClient(port: port).send("GET", "/").text == "2")
        }
    }

    @Test func `a server that closes after each answer says so and does`() async throws {
        try await withServer(echo, LabServerConfiguration(closesAfterAnswer: true)) { _, port async throws in
            try await LabClient(port: port).withConnection { connection async throws in
                #expect(try await connection.send("GET", "/").header("connection") == "close")
                await #expect(throws: (any Error).self) { try await connection.send("GET", "/") }
            }
        }
    }

    @Test func `a client that wants to close is closed`() async throws {
        try await withServer(echo) { _, port async throws in
            try await LabClient(port: port).withConnection { connection async throws in
                let headers = [(name: "Connection", value: "close")]
                #expect(try await connection.send("GET", "/", headers: headers).status == 200)
                await #expect(throws: (any Error).self) { try await connection.send("GET", "/") }
            }
        }
    }

    @Test func `a stream arrives piece by piece and ends`() async throws {
        let service = ScriptedService { _ in
            LabResponse(
                status: 200,
                body: .stream(
                    AsyncStream { pieces in
                        for text in ["one", "two"] { pieces.yield(Array(text.utf8)) }
                        pieces.finish()
                    }))
        }
        try await withServer(service) { _, port async throws in
            let answer = try await LabClient(port: port).send("GET", "/")
            #expect(answer.text == "onetwo")
            #expect(answer.header("transfer-encoding") == "chunked")
        }
    }

    @Test func `a stream is ended when its client goes away`() async throws {
        let (ends, end) = AsyncStream<Void>.makeStream()
        let service = ScriptedService { _ in
            let (pieces, piece) = AsyncStream<[UInt8]>.makeStream()
            piece.onTermination = { _ in end.finish() }
            piece.yield([1])
            return LabResponse(status: 200, body: .stream(pieces))
        }
        try await withServer(service) { _, port async throws in
            try await LabClient(port: port).withConnection { connection async throws in
                _ = try await connection.begin("GET", "/")
                #expect(try await connection.nextPiece() == [1])
            }
            // Ends only because the stream was terminated; otherwise the test would wait for ever.
            for await _ in ends {}
        }
    }

    @Test func `a slow answer comes byte by byte, with its pauses`() async throws {
        let clock = ImmediateClock()
        let service = ScriptedService { _ in
            LabResponse(status: 200, body: .slow([1, 2, 3], every: .seconds(5)))
        }
        try await withServer(service, LabServerConfiguration(pauses: clock)) { _, port async throws in
            #expect(try await LabClient(port: port).send("GET", "/").body == [1, 2, 3])
            #expect(clock.sleeps == [.seconds(5), .seconds(5), .seconds(5)])
        }
    }

    @Test func `a truncated answer promises more than it gives`() async throws {
        let service = ScriptedService { _ in LabResponse(status: 200, body: .truncated([1, 2], declared: 10)) }
        try await withServer(service) { _, port async throws in
            try await LabClient(port: port).withConnection { connection async throws in
                #expect(try await connection.begin("GET", "/").header("content-length") == "10")
                #expect(try await connection.nextPiece() == [1, 2])
                await #expect(throws: (any Error).self) { _ = try await connection.nextPiece() }
            }
        }
    }

    @Test func `a dropped request ends its connection without an answer`() async throws {
        try await withServer(ScriptedService { _ in LabResponse(status: 200, fate: .drop) }) { _, port async throws in
            _ = await #expect(throws: (any Error).self) { try await LabClient(port: port).send("GET", "/") }
        }
    }

    @Test(arguments: [LabResponse.Fate.hang, .silence])
    func `a connection that is not answered stays open until the server drops it`(fate: LabResponse.Fate) async throws {
        let (asked, ask) = AsyncStream<Void>.makeStream()
        let service = ScriptedService { _ in
            ask.yield()
            return LabResponse(status: 200, fate: fate)
        }
        try await withServer(service) { server, port async throws in
            let request = Task { try await LabClient(port: port).send("GET", "/") }
            for await _ in asked { break }
            #expect(server.openConnectionCount == 1)
            await server.dropConnections()
            _ = await #expect(throws: (any Error).self) { try await request.value }
        }
    }

    @Test func `a silent server does not close what it would close after its answer`() async throws {
        let asked = Gate(count: 1)
        let service = ScriptedService { request in
            if request.path == "/lost" { await asked.pass() }
            return .text(200, "ok")
        }
        try await withServer(service, LabServerConfiguration(closesAfterAnswer: true)) { server, port async throws in
            let ended = RequestLog()
            server.silence()
            let request = Task {
                _ = try? await LabClient(port: port).send("GET", "/lost")
                ended.record(LabRequest(method: "GET", path: "/ended"))
            }
            await asked.opened()
            server.endSilence()
            // By the time these are answered and closed, the first would have been closed too.
            for _ in 0..<16 { #expect(try await LabClient(port: port).send("GET", "/").status == 200) }
            #expect(ended.count == 0)
            await server.dropConnections()
            await request.value
        }
    }

    @Test func `a server that is away refuses connections, and comes back on its port`() async throws {
        try await withServer(echo) { server, port async throws in
            await server.goAway()
            #expect(server.isAway)
            await #expect(throws: (any Error).self) { try await LabClient(port: port).send("GET", "/") }
            try await server.comeBack()
            #expect(try await LabClient(port: port).send("GET", "/").status == 200)
            #expect(server.port == port)
        }
    }

    @Test func `while a server is away nobody else gets its port`() async throws {
        try await withServer(echo) { server, port async throws in
            await server.goAway()
            let stranger = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 0)
            await #expect(throws: IOError.self) {
                try await stranger.bind(host: "127.0.0.1", port: port).get().close()
            }
            try await server.comeBack()
        }
    }

    @Test func `a port that somebody listens on is not taken`() async throws {
        try await withServer(echo) { _, port async throws in
            let second = LabServer(echo, configuration: LabServerConfiguration(port: port))
            await #expect(throws: IOError.self) { try await second.start() }
            await second.stop()
        }
    }

    @Test func `going away closes what is open`() async throws {
        try await withServer(echo) { server, port async throws in
            try await LabClient(port: port).withConnection { connection async throws in
                _ = try await connection.send("GET", "/")
                await server.goAway()
                await #expect(throws: (any Error).self) { try await connection.send("GET", "/") }
            }
        }
    }

    @Test func `both loopback addresses are served on one port`() async throws {
        try await withServer(echo, LabServerConfiguration(addresses: ["127.0.0.1", "::1"])) { _, port async throws in
            #expect(try await LabClient(host: "127.0.0.1", port: port).send("GET", "/").status == 200)
            #expect(try await LabClient(host: "::1", port: port).send("GET", "/").status == 200)
        }
    }

    @Test func `a head has the length and nothing else`() async throws {
        try await withServer(ScriptedService { _ in .text(200, "four") }) { _, port async throws in
            let answer = try await LabClient(port: port).withConnection { connection async throws in
                try await connection.begin("HEAD", "/")
            }
            #expect(answer.header("content-length") == "4")
        }
    }

    @Test func `a server that was stopped does not come back`() async throws {
        let server = LabServer(echo)
        _ = try await server.start()
        await server.stop()
        await #expect(throws: LabServer.Failure.notRunning) { try await server.comeBack() }
    }

    @Test func `a client cannot claim a certificate`() async throws {
        let service = ScriptedService { .text(200, $0.header("x-lab-client-certificate") ?? "none") }
        try await withServer(service) { _, port async throws in
            let headers = [(name: "X-Lab-Client-Certificate", value: "CN=admin")]
            #expect(try await LabClient(port: port).send("GET", "/", headers: headers).text == "none")
        }
    }
}
