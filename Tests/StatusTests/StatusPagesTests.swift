import Testing

@testable import Status

@Suite struct StatusPagesTests {
    @Test(arguments: [
        ("GET", "/metrics", 200, "up 1\n"), ("HEAD", "/metrics?x=y", 200, "up 1\n"),
        ("GET", "/healthz", 200, "ok\n"), ("GET", "/readyz", 200, "ready\n"),
        ("GET", "/", 404, "not found; there are /metrics, /healthz and /readyz\n"),
        ("GET", "/metrics/", 404, "not found; there are /metrics, /healthz and /readyz\n"),
        ("POST", "/elsewhere", 404, "not found; there are /metrics, /healthz and /readyz\n"),
        ("POST", "/metrics", 405, "only GET and HEAD\n"), ("DELETE", "/readyz", 405, "only GET and HEAD\n"),
    ])
    func `a request is answered`(method: String, target: String, status: Int, body: String) {
        let answer = StatusPages.fixed().answer(to: method, target: target)
        #expect(answer.status == status)
        #expect(answer.body == body)
    }

    @Test func `a loop that does not turn is not alive`() {
        let answer = StatusPages.fixed(age: .seconds(73)).answer(to: "GET", target: "/healthz")
        #expect(answer.status == 503)
        #expect(answer.body == "the main loop has not turned for 73 s\n")
    }

    @Test func `what is in the way of readiness is told in plain words, a line each`() {
        let pages = StatusPages.fixed(obstacles: ["the metadata service has been silent for 90 s", "two\nlines"])
        let answer = pages.answer(to: "GET", target: "/readyz")
        #expect(answer.status == 503)
        #expect(answer.body == "the metadata service has been silent for 90 s\ntwo lines\n")
    }

    @Test func `many reasons are bounded`() {
        let pages = StatusPages.fixed(obstacles: Array(repeating: "no", count: 100_000))
        #expect(pages.answer(to: "GET", target: "/readyz").body.utf8.count <= 4097)
    }

    @Test(arguments: [
        ("127.0.0.1:9092", "127.0.0.1:9092"), ("[::1]:0", "[::1]:0"), ("::1:9092", "[::1]:9092"),
        ("fd00::12:9092", "[fd00::12]:9092"), ("localhost:80", "127.0.0.1:80"), ("0.0.0.0:65535", "0.0.0.0:65535"),
    ])
    func `an address is read`(text: String, address: String) throws {
        #expect(try ListenAddress(text).description == address)
    }

    @Test(
        arguments: [
            ("127.0.0.1", .portMissing), ("127.0.0.1:", .portMissing), ("", .portMissing),
            ("1.2.3.4:65536", .portUnusable),
            ("1.2.3.4:-1", .portUnusable), ("1.2.3.4:http", .portUnusable), ("1.2.3.4:٣", .portUnusable),
            ("example.org:80", .hostUnusable), (":80", .hostUnusable), ("[1.2.3.4]:80", .hostUnusable),
            ("1.2.3.4.5:80", .hostUnusable), ("[::1:80", .hostUnusable),
        ] as [(String, ListenAddress.Problem)])
    func `an address that cannot be listened at is refused with the reason`(
        text: String, problem: ListenAddress.Problem
    ) {
        #expect(throws: problem) { try ListenAddress(text) }
    }
}
