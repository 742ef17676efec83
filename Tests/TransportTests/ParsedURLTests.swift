import TestSupport
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1))) struct ParsedURLTests {
    @Test(
        arguments: [
            "/", "", "/a/../b", "/a/./b/", "/a//b", "/%2e%2E/a%20b%2Fc", "/a?b=c&d", "?a", "/a?", "/a;b=c?d=/../e",
            "/a#b", "/ä",
        ], ["", "me:se%40cret@"])
    func `what is asked again and again is asked as it is asked once`(path: String, user: String) async throws {
        try await withServer({ _ in .answer(status: 404) }) { transport, server in
            let request = HTTPRequest(url: Secret("http://\(user)\(server.url.dropFirst(7))\(path)"))
            _ = try await transport.send(request)
            let expected = ExpectedAnswer(status: 404)
            let repetition = Repetition(every: .milliseconds(1), whileAnswered: expected, atMost: 3)
            _ = try await transport.send(request, repeating: repetition)
            let sent = server.facts.requests.map { request in
                "\(request.target) \(request.headers.map { "\($0.name): \($0.value)" })"
            }
            #expect(sent.count == 4)
            #expect(Set(sent).count == 1, "\(sent)")
        }
    }

    @Test(arguments: ["http://127.0.0.1:0/", "http://127.0.0.1:99999/", "http://[::1/", "http://a b/"])
    func `what cannot be asked once cannot be asked again and again, for the same reason`(url: String) async throws {
        let transport = try CurlTransport()
        defer { transport.close() }
        let request = HTTPRequest(url: Secret(url))
        let once = await failure { () throws(TransportError) in try await transport.send(request) }
        let repetition = Repetition(every: .milliseconds(1), whileAnswered: ExpectedAnswer(status: 404), atMost: 3)
        let again = await failure { () throws(TransportError) in
            try await transport.send(request, repeating: repetition)
        }
        #expect(once != nil)
        // libcurl tells how long it took.
        let words = [once, again].map { String(describing: $0).replacing(/after \d+ ms/, with: "after a while") }
        #expect(words[0] == words[1])
    }
}
