import NIOCore
import NIOHTTP1
import Simulators
import Testing

/// The server over TLS: HTTP/2, HTTP/1.1, certificates.
struct HTTP2Tests {
    private let certificates: LabCertificates

    init() throws {
        certificates = try LabCertificates()
    }

    private func configuration(
        _ clients: LabServerConfiguration.ClientCertificates = .none
    ) -> LabServerConfiguration {
        LabServerConfiguration(certificates: certificates, clientCertificates: clients)
    }

    @Test func `a client that offers HTTP/2 gets it`() async throws {
        try await withServer(ScriptedService { .text(200, "\($0.isHTTP2) \($0.path)") }, configuration()) {
            _, port async throws in
            try await HTTP2Connection.with(port: port, trusting: certificates) { connection async throws in
                #expect(try await connection.send("GET", "/a")?.text == "true /a")
            }
        }
    }

    @Test func `a client that offers only HTTP/1.1 gets that`() async throws {
        try await withServer(ScriptedService { .text(200, "\($0.isHTTP2)") }, configuration()) { _, port async throws in
            let tls = try certificates.clientConfiguration(protocols: ["http/1.1"])
            #expect(try await LabClient(port: port, tls: tls).send("GET", "/").text == "false")
        }
    }

    @Test func `a hundred requests are in flight on one connection`() async throws {
        let gate = Gate(count: 100)
        let service = ScriptedService { _ in
            // Nobody is answered before everybody has asked.
            await gate.pass()
            return .text(200, "through")
        }
        try await withServer(service, configuration()) { server, port async throws in
            let passed = try await HTTP2Connection.with(port: port, trusting: certificates) { connection async throws in
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for _ in 0..<100 {
                        group.addTask { try await connection.send("POST", "/", body: [1])?.text == "through" }
                    }
                    var passed = 0
                    for try await isThrough in group where isThrough { passed += 1 }
                    return passed
                }
            }
            #expect(passed == 100)
            #expect(server.connectionCount == 1)
        }
    }

    @Test func `a dropped request ends its stream and not the others`() async throws {
        let service = ScriptedService { request in
            request.path == "/drop" ? LabResponse(status: 200, fate: .drop) : .text(200, "ok")
        }
        try await withServer(service, configuration()) { server, port async throws in
            try await HTTP2Connection.with(port: port, trusting: certificates) { connection async throws in
                await #expect(throws: (any Error).self) { _ = try await connection.send("GET", "/drop") }
                #expect(try await connection.send("GET", "/")?.text == "ok")
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test func `a silent connection answers no stream, until it is dropped`() async throws {
        let asked = Gate(count: 2)
        let service = ScriptedService { request in
            if request.path == "/" { return .text(200, "heard") }
            await asked.pass()
            return request.path == "/silence" ? LabResponse(status: 200, fate: .silence) : .text(200, "lost")
        }
        try await withServer(service, configuration()) { server, port async throws in
            try await HTTP2Connection.with(port: port, trusting: certificates) { connection async throws in
                #expect(try await connection.send("GET", "/")?.text == "heard")
                server.silence()
                let requests = ["/silence", "/other"].map { path in
                    Task { try await connection.send("GET", path) }
                }
                await asked.opened()
                await server.dropConnections()
                for request in requests {
                    // The stream ends without an answer, or with an error, as the end of the connection finds it.
                    let answer = try? await request.value
                    #expect(answer?.status == nil)
                }
            }
        }
    }

    @Test func `a stream is ended when its client resets it`() async throws {
        let (ends, end) = AsyncStream<Void>.makeStream()
        let service = ScriptedService { _ in
            let (pieces, piece) = AsyncStream<[UInt8]>.makeStream()
            piece.onTermination = { _ in end.finish() }
            piece.yield([1])
            return LabResponse(status: 200, body: .stream(pieces))
        }
        try await withServer(service, configuration()) { _, port async throws in
            try await HTTP2Connection.with(port: port, trusting: certificates) { connection async throws in
                try await connection.stream("GET", "/") { parts in
                    for try await part in parts {
                        guard case .body = part else { continue }
                        return
                    }
                }
                // Ends only because the stream was terminated; the connection is still open.
                for await _ in ends {}
            }
        }
    }

    @Test func `the subject of a client's certificate is told`() async throws {
        let service = ScriptedService { .text(200, $0.header("x-lab-client-certificate") ?? "none") }
        let identity = try certificates.identity(user: "system:node:n1", groups: ["system:nodes"])
        try await withServer(service, configuration(.optional)) { _, port async throws in
            let shown = try await HTTP2Connection.with(port: port, trusting: certificates, identity: identity) {
                try await $0.send("GET", "/")?.text
            }
            let hidden = try await HTTP2Connection.with(port: port, trusting: certificates) {
                try await $0.send("GET", "/")?.text
            }
            #expect(shown == "CN=system:node:n1,O=system:nodes")
            #expect(hidden == "none")
        }
    }

    @Test func `a required certificate of another authority is refused`() async throws {
        let stranger = try LabCertificates().identity(user: "mallory")
        try await withServer(echo, configuration(.required)) { _, port async throws in
            let tls = try certificates.clientConfiguration(protocols: ["http/1.1"], identity: stranger)
            _ = await #expect(throws: (any Error).self) { try await LabClient(port: port, tls: tls).send("GET", "/") }
        }
    }

    @Test func `a client that does not know the authority is not talked into trust`() async throws {
        let other = try LabCertificates()
        try await withServer(echo, configuration()) { _, port async throws in
            let tls = try other.clientConfiguration(protocols: ["http/1.1"])
            _ = await #expect(throws: (any Error).self) { try await LabClient(port: port, tls: tls).send("GET", "/") }
        }
    }
}
