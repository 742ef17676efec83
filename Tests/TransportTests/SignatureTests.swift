import TestSupport
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct SignatureTests {
    private static let signature = AWSSignature(
        region: "eu-west-1", service: "autoscaling", accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), sessionToken: Secret("token/with+signs=="))

    private static func request(to server: LoopbackServer) -> HTTPRequest {
        HTTPRequest(
            method: .post, url: Secret(server.url + "/"), headers: ["Content-Type": FormBody.contentType],
            body: FormBody([("Action", "DetachInstances"), ("Version", "2011-01-01")]).bytes, timeout: .seconds(30),
            signature: signature)
    }

    /// The signature computed anew from what arrived (AWS General Reference, "Create a signed AWS API request").
    private func expectedAuthorization(of request: ReceivedRequest, by signature: AWSSignature) throws -> String {
        let authorization = try #require(request.values("Authorization").first)
        let date = try #require(request.values("X-Amz-Date").first)
        let signedNames = try #require(
            authorization.split(separator: "SignedHeaders=").last?.split(separator: ",").first.map(String.init))
        let headers = signedNames.split(separator: ";").map { name in
            "\(name):\(request.values(String(name)).joined(separator: ","))\n"
        }
        let canonical = [
            request.method, request.target, "", headers.joined(), signedNames, SHA256.hex(SHA256.hash(request.body)),
        ].joined(separator: "\n")
        let scope = "\(date.prefix(8))/\(signature.region)/\(signature.service)/aws4_request"
        let text = "AWS4-HMAC-SHA256\n\(date)\n\(scope)\n\(SHA256.hex(SHA256.hash(Array(canonical.utf8))))"
        let key = [String(date.prefix(8)), signature.region, signature.service, "aws4_request"].reduce(
            Array("AWS4\(signature.secretAccessKey.reveal())".utf8)
        ) { SHA256.hmac(key: $0, Array($1.utf8)) }
        let code = SHA256.hex(SHA256.hmac(key: key, Array(text.utf8)))
        return
            "AWS4-HMAC-SHA256 Credential=\(signature.accessKeyID)/\(scope), "
            + "SignedHeaders=\(signedNames), Signature=\(code)"
    }

    @Test func `a form is signed so that its reader can check it`() async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            for _ in 0..<2 {
                _ = try await transport.send(Self.request(to: server))
                let received = try #require(server.facts.requests.last)
                let expected = try expectedAuthorization(of: received, by: Self.signature)
                #expect(received.values("Authorization") == [expected])
                #expect(expected.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,"))
                #expect(received.text == "Action=DetachInstances&Version=2011-01-01")
            }
        }
    }

    @Test func `a signature without a session token is as good`() async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            var request = Self.request(to: server)
            request.signature?.sessionToken = nil
            _ = try await transport.send(request)
            let received = try #require(server.facts.requests.last)
            #expect(received.values("Authorization") == [try expectedAuthorization(of: received, by: Self.signature)])
            #expect(received.values("X-Amz-Security-Token").isEmpty)
        }
    }

    @Test func `the request after a signed one is not signed`() async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            _ = try await transport.send(Self.request(to: server))
            _ = try await transport.send(.to(server))
            let received = try #require(server.facts.requests.last)
            #expect(received.values("Authorization").isEmpty)
            #expect(received.values("X-Amz-Date").isEmpty)
        }
    }

    /// A change that makes a request unsafe to sign.
    struct Spoiling: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let apply: @Sendable (inout HTTPRequest) -> Void

        init(_ description: String, _ apply: @escaping @Sendable (inout HTTPRequest) -> Void) {
            testDescription = description
            self.apply = apply
        }
    }

    @Test(arguments: [
        Spoiling("GET") { $0.method = .get },
        Spoiling("PUT") { $0.method = .put },
        Spoiling("no body") { $0.body = nil },
        Spoiling("empty body") { $0.body = [] },
        Spoiling("body that would be asked for") { $0.body = Array(repeating: 1, count: 2 << 20) },
        Spoiling("query") { $0.url = Secret($0.url.reveal() + "?b=1&a=2") },
        Spoiling("fragment") { $0.url = Secret($0.url.reveal() + "#f") },
        Spoiling("encoded path") { $0.url = Secret($0.url.reveal() + "a%20b") },
        Spoiling("no region") { $0.signature?.region = "" },
        Spoiling("region with a colon") { $0.signature?.region = "eu:west" },
        Spoiling("endless region") { $0.signature?.region = String(repeating: "r", count: 64) },
        Spoiling("no service") { $0.signature?.service = "" },
        Spoiling("no key") { $0.signature?.accessKeyID = "" },
        Spoiling("no secret") { $0.signature?.secretAccessKey = Secret("") },
        Spoiling("secret with a line end") { $0.signature?.secretAccessKey = Secret("abc\n") },
        Spoiling("empty token") { $0.signature?.sessionToken = Secret("") },
        Spoiling("token with a line end") { $0.signature?.sessionToken = Secret("a\r\nX: y") },
        Spoiling("own Authorization") { $0.headers["Authorization"] = "Bearer x" },
        Spoiling("own date") { $0.headers["X-Amz-Date"] = "20260101T000000Z" },
        Spoiling("own token") { $0.headers["X-Amz-Security-Token"] = "x" },
        Spoiling("other header") { $0.headers["X-Other"] = "x" },
        Spoiling("empty header") { $0.headers["X-Amz-Target"] = "" },
        Spoiling("repeated header") { $0.headers.append("content-type", Secret("text/plain")) },
        Spoiling("no content type") { $0.headers = [:] },
    ])
    func `what cannot be signed safely is not sent`(spoiling: Spoiling) async throws {
        try await withServer({ _ in .answer() }) { transport, server in
            var request = Self.request(to: server)
            spoiling.apply(&request)
            let error = await failure { () throws(TransportError) in try await transport.send(request) }
            guard case .unsendable = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(server.facts.connections == 0)
        }
    }
}
