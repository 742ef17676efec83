import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct RedactionTests {
    private static let planted = "planted-secret"

    private static var request: HTTPRequest {
        var request = HTTPRequest(
            method: .post,
            url: Secret("https://user:\(planted)@hook.example/\(planted)?key=\(planted)"),
            headers: ["Authorization": "Bearer \(planted)"],
            body: Array(planted.utf8),
            trust: TLSTrust(clientKey: .pem(Secret(planted))),
            signature: AWSSignature(
                region: "r", service: "s", accessKeyID: "a", secretAccessKey: Secret(planted),
                sessionToken: Secret(planted))
        )
        request.headers.append("X-More", Secret(planted))
        return request
    }

    private static var mail: MailMessage {
        MailMessage(
            server: Secret("smtp://user:\(planted)@mail.example"),
            credentials: MailMessage.Credentials(user: "me", password: Secret(planted)),
            sender: "a@example", recipients: ["\(planted)@example"], content: Array(planted.utf8))
    }

    /// Every way in which a value may end up in a log.
    private func texts(of value: Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        return ["\(value)", String(describing: value), String(reflecting: value), dumped]
    }

    @Test func `nothing that carries a secret prints it`() {
        let bytes = Self.planted.utf8.map(String.init).joined(separator: ", ")
        let values: [Any] = [
            Secret(Self.planted), Self.request, Self.request.headers, Self.request.trust, Self.request.signature as Any,
            HTTPResponse(status: 200, headers: ["Token": Self.planted], body: Array(Self.planted.utf8)),
            Self.mail, Self.mail.credentials as Any, FormBody([("Token", Self.planted)]),
            [Self.request], ["key": Secret(Self.planted)],
        ]
        for value in values {
            for text in texts(of: value) {
                #expect(!text.contains(Self.planted), "\(type(of: value))")
                #expect(!text.contains(bytes), "\(type(of: value))")
                #expect(!text.contains("- \(Self.planted.utf8.first ?? 0)\n"), "\(type(of: value))")
            }
        }
    }

    @Test func `a request says where it goes`() {
        #expect("\(Self.request)" == "POST https://hook.example")
    }

    @Test(arguments: [
        Reply.drop, .hang, .rawThenClose("\(planted)\r\n"), .rawThenClose("HTTP/1.1 200 \(planted)\r\n\(planted)"),
        .rawThenClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(planted)"),
        .rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: \(planted)\r\n\r\n"),
        .rawThenClose("HTTP/\(planted) 200 OK\r\n\r\n"),
    ])
    func `no failure repeats a secret of the request or of the answer`(reply: Reply) async throws {
        try await withServer({ _ in reply }) { transport, server in
            var request = Self.request
            request.url = Secret("http://user:\(Self.planted)@127.0.0.1:\(server.port)/\(Self.planted)")
            request.signature = nil
            request.timeout = .milliseconds(100)
            let outcome = await failure { () throws(TransportError) in try await transport.send(request) }
            for text in texts(of: outcome as Any) {
                #expect(!text.contains(Self.planted))
            }
        }
    }
}
