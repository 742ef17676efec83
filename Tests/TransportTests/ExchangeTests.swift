import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct ExchangeTests {
    @Test func `an answer comes back whole, whatever its status`() async throws {
        try await withServer({ _ in .answer(status: 503, headers: [("X-A", "1"), ("X-A", "2")], body: "sorry") }) {
            transport, server in
            let answer = try await transport.send(.to(server, "/a?b=c"))
            #expect(answer.status == 503)
            #expect(answer.headers.fields.filter { $0.name == "X-A" }.map { $0.value.reveal() } == ["1", "2"])
            #expect(answer.body == Array("sorry".utf8))
            #expect(!answer.isHTTP2)
            #expect(server.facts.requests.map(\.target) == ["/a?b=c"])
        }
    }

    @Test func `requests one after another share one connection`() async throws {
        try await withServer({ _ in .answer(body: "x") }) { transport, server in
            for _ in 0..<20 {
                _ = try await transport.send(.to(server))
            }
            #expect(server.facts.connections == 1)
            #expect(server.facts.requests.count == 20)
        }
    }

    @Test func `a connection that the server closes is not used again`() async throws {
        try await withServer({ _ in .answer(body: "x", close: true) }) { transport, server in
            for _ in 0..<3 {
                let answer = try await transport.send(.to(server))
                #expect(answer.status == 200)
            }
            #expect(server.facts.connections == 3)
        }
    }

    @Test(arguments: [HTTPMethod.put, .post, .patch])
    func `a verb with a body but none given says that it is empty`(method: HTTPMethod) async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            _ = try await transport.send(.to(server, method: method))
            let request = try #require(server.facts.requests.first)
            #expect(request.method == method.rawValue)
            #expect(request.values("Content-Length") == ["0"])
            #expect(request.values("Content-Type").isEmpty)
        }
    }

    @Test(arguments: [HTTPMethod.put, .post, .patch, .delete, .get], [0, 3, 2 << 20])
    func `a body arrives with any verb, unasked`(method: HTTPMethod, size: Int) async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            var request = HTTPRequest.to(server, method: method)
            request.body = Array(repeating: UInt8(ascii: "b"), count: size)
            request.headers = ["Content-Type": "text/x", "X-Empty": ""]
            _ = try await transport.send(request)
            let received = try #require(server.facts.requests.first)
            #expect(received.method == method.rawValue)
            #expect(received.body.count == size)
            #expect(received.values("Content-Type") == ["text/x"])
            #expect(received.values("X-Empty") == [""])
            #expect(received.values("Expect").isEmpty)
        }
    }

    @Test(arguments: [HTTPMethod.get, .delete])
    func `a verb without a body sends none`(method: HTTPMethod) async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            _ = try await transport.send(.to(server, method: method))
            let request = try #require(server.facts.requests.first)
            #expect(request.method == method.rawValue)
            #expect(request.values("Content-Length").isEmpty)
            #expect(request.values("Accept-Encoding").isEmpty)
            #expect(request.values("User-Agent") == ["interruption-handler"])
        }
    }

    @Test func `nothing of a request is left for the next one on the same handle`() async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            var first = HTTPRequest.to(server, method: .post)
            first.headers = ["Authorization": "Bearer planted"]
            first.body = [1, 2, 3]
            _ = try await transport.send(first)
            _ = try await transport.send(.to(server))
            let second = try #require(server.facts.requests.last)
            #expect(second.method == "GET")
            #expect(second.values("Authorization").isEmpty)
            #expect(second.body.isEmpty)
        }
    }

    @Test func `a redirect is an answer, not an order`() async throws {
        try await withServer({ _ in .answer(status: 302, headers: [("Location", "/elsewhere")]) }) {
            transport, server in
            let answer = try await transport.send(.to(server))
            #expect(answer.status == 302)
            #expect(server.facts.requests.count == 1)
        }
    }

    @Test func `a compressed body is handed over as it is`() async throws {
        try await withServer({ _ in .answer(headers: [("Content-Encoding", "gzip")], body: "not gzip") }) {
            transport, server in
            let answer = try await transport.send(.to(server))
            #expect(answer.body == Array("not gzip".utf8))
        }
    }

    @Test func `a chunked body and its trailers are read`() async throws {
        let answer =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-Late: 1\r\n\r\n"
        try await withServer({ _ in .raw(answer) }) { transport, server in
            for _ in 0..<2 {
                let answer = try await transport.send(.to(server))
                #expect(answer.body == Array("abcde".utf8))
                #expect(answer.headers["X-Late"] == nil)
            }
            #expect(server.facts.connections == 1)
        }
    }

    @Test func `a path is sent as it is written`() async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            _ = try await transport.send(.to(server, "/a/../b/./c%2Fd?e=/f"))
            #expect(server.facts.requests.map(\.target) == ["/a/../b/./c%2Fd?e=/f"])
        }
    }

    @Test func `a hundred requests at once are all answered`() async throws {
        try await withServer({ .answer(body: $0.target) }) { transport, server in
            let url = server.url
            let bodies = await withTaskGroup(of: String?.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let request = HTTPRequest(url: Secret("\(url)/\(number)"), timeout: .seconds(30))
                        return try? String(decoding: await transport.send(request).body, as: UTF8.self)
                    }
                }
                var bodies: Set<String> = []
                for await body in group {
                    body.map { _ = bodies.insert($0) }
                }
                return bodies
            }
            #expect(bodies == Set((0..<100).map { "/\($0)" }))
            #expect(server.facts.connections <= 64)
        }
    }
}
