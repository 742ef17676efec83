import Interruption
import TestSupport
import Testing
import Transport

@testable import AWS

struct CredentialTests {
    static func document(key: String, expiration: String = "2026-01-01T06:00:00Z", code: String = "Success") -> String {
        """
        {"Code":"\(code)","LastUpdated":"2026-01-01T00:00:00Z","Type":"AWS-HMAC","AccessKeyId":"\(key)","SecretAccessKey":"s",\
        "Token":"t","Expiration":"\(expiration)"}
        """
    }

    static let environment = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s"]
    static let webIdentity = ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/r"]
    static let container = [
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/pod-token",
    ]

    @Test(arguments: [
        ([environment, webIdentity, container], "ENV"), ([webIdentity, container], "STS"), ([container], "POD"),
        ([], "ROLE"),
    ])
    func `the places are asked in the SDKs' order`(variables: [[String: String]], key: String) async throws {
        try await story(variables.reduce(["AWS_REGION": "eu-west-1"]) { $0.merging($1) { $1 } }) {
            cache, ec2, _ async throws in
            #expect(try await cache.credentials().accessKeyID == key)
        }
    }

    @Test func `an environment that is half set up is an error and not passed over`() async throws {
        try await story(["AWS_ACCESS_KEY_ID": "ENV"]) { cache, ec2, _ async throws in
            await #expect(throws: CredentialError.self) { try await cache.credentials() }
            #expect(ec2.exchanges.isEmpty)
        }
    }

    @Test func `a place that is set up and fails does not lead to another identity`() async throws {
        try await story(CredentialTests.container, files: [:]) { cache, ec2, _ async throws in
            await #expect(throws: CredentialError.self) { try await cache.credentials() }
            #expect(!ec2.exchanges.contains { $0.path.hasPrefix("iam") })
        }
    }

    @Test func `the session token of the environment is used`() async throws {
        try await story(CredentialTests.environment.merging(["AWS_SESSION_TOKEN": "tok"]) { $1 }) {
            cache, _, _ async throws in
            #expect(try await cache.credentials().sessionToken == Secret("tok"))
        }
    }

    @Test func `AWS_EC2_METADATA_DISABLED leaves the instance profile out`() async throws {
        try await story(["AWS_EC2_METADATA_DISABLED": "TRUE"]) { cache, ec2, _ async throws in
            await #expect(throws: CredentialError.none) { try await cache.credentials() }
            #expect(ec2.exchanges.isEmpty)
        }
    }

    @Test func `an instance without a role has no credentials`() async throws {
        try await story { cache, ec2, _ async throws in
            ec2.put(nil, at: "iam/security-credentials/")
            await #expect(throws: CredentialError.none) { try await cache.credentials() }
        }
    }

    @Test func `a 200 may carry a refusal`() async throws {
        try await story { cache, ec2, _ async throws in
            ec2.put(
                "{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"EC2 cannot assume the role\"}",
                at: "iam/security-credentials/node-role")
            let expected = CredentialError.refused(
                source: "the instance profile", code: "AssumeRoleUnauthorizedAccess",
                message: "EC2 cannot assume the role")
            await #expect(throws: expected) { try await cache.credentials() }
        }
    }

    @Test(arguments: [
        "", "<html/>", "{}", "{\"AccessKeyId\":\"a\"}", "{\"AccessKeyId\":\"a\\nb\",\"SecretAccessKey\":\"s\"}", "[1]",
    ])
    func `a document without whole credentials gives none`(body: String) async throws {
        try await story { cache, ec2, _ async throws in
            ec2.put(body, at: "iam/security-credentials/node-role")
            await #expect(throws: CredentialError.self) { try await cache.credentials() }
        }
    }

    @Test func `credentials are remembered, and renewed ahead of their end`() async throws {
        try await story { cache, ec2, timeline async throws in
            ec2.put(
                CredentialTests.document(key: "ONE", expiration: "2026-01-01T01:00:00Z"),
                at: "iam/security-credentials/node-role")
            #expect(try await cache.credentials().accessKeyID == "ONE")
            ec2.put(
                CredentialTests.document(key: "TWO", expiration: "2026-01-01T02:00:00Z"),
                at: "iam/security-credentials/node-role")
            try await timeline.sleep(for: .seconds(3299))
            #expect(try await cache.credentials().accessKeyID == "ONE")
            try await timeline.sleep(for: .seconds(2))
            #expect(try await cache.credentials().accessKeyID == "TWO")
        }
    }

    @Test func `an early renewal that fails leaves the old ones in use until their end`() async throws {
        try await story { cache, ec2, timeline async throws in
            ec2.put(
                CredentialTests.document(key: "ONE", expiration: "2026-01-01T01:00:00Z"),
                at: "iam/security-credentials/node-role")
            _ = try await cache.credentials()
            ec2.fail { $0.path.hasPrefix("iam") ? .status(500) : nil }
            try await timeline.sleep(for: .seconds(3400))
            #expect(try await cache.credentials().accessKeyID == "ONE")
            try await timeline.sleep(for: .seconds(200))
            await #expect(throws: CredentialError.self) { try await cache.credentials() }
        }
    }

    @Test func `a failure is not remembered`() async throws {
        try await story { cache, ec2, _ async throws in
            ec2.fail { $0.path.hasPrefix("iam") ? .status(500) : nil }
            await #expect(throws: CredentialError.self) { try await cache.credentials() }
            ec2.fail(nil)
            #expect(try await cache.credentials().accessKeyID == "ROLE")
        }
    }

    @Test func `many who ask cause one fetch, and one who leaves does not spoil it`() async throws {
        try await story { cache, ec2, timeline async throws in
            ec2.fail { $0.path.hasPrefix("iam") ? .slow(.milliseconds(300)) : nil }
            let answers = Shelf<String>()
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await withTaskGroup(of: Void.self) { inner in
                        inner.addTask { _ = try? await cache.credentials() }
                        try? await timeline.sleep(for: .milliseconds(400))
                        inner.cancelAll()
                    }
                }
                for _ in 0..<5 {
                    group.addTask {
                        try? await timeline.sleep(for: .milliseconds(100))
                        if let key = try? await cache.credentials().accessKeyID { answers.add(key) }
                    }
                }
            }
            #expect(answers.items == Array(repeating: "ROLE", count: 5))
            #expect(ec2.exchanges(to: "iam/security-credentials/").count == 2)
        }
    }

    @Test(arguments: [
        "http://169.254.170.2/x", "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1/credentials",
        "http://127.0.0.1:80/x",
        "http://127.9.9.9/x", "http://[::1]:8080/x", "http://localhost/x", "https://credentials.example/x",
    ])
    func `container credentials are asked where AWS allows it`(address: String) async throws {
        try await story(["AWS_CONTAINER_CREDENTIALS_FULL_URI": address]) { cache, ec2, _ async throws in
            #expect(try await cache.credentials().accessKeyID == "POD")
            #expect(ec2.exchanges.map(\.url) == [address])
            #expect(ec2.exchanges.first?.request.connection.mayUseProxy == address.hasPrefix("https"))
        }
    }

    @Test(arguments: [
        "http://169.254.169.254/x", "http://10.0.0.1/x", "http://evil.example/x", "http://169.254.170.2@evil.example/x",
        "http://evil.example\\@169.254.170.2/x", "http://127.0.0.1.evil.example/x", "http://127.0.0/x",
        "ftp://127.0.0.1/x", "127.0.0.1",
        "http://169.254.170.2:x/", "http://0177.0.0.1/x",
    ])
    func `container credentials are asked nowhere else, and the token stays here`(address: String) async throws {
        let variables = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": address, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "token",
        ]
        try await story(variables) { cache, ec2, _ async throws in
            await #expect(throws: CredentialError.self) { try await cache.credentials() }
            #expect(ec2.exchanges.isEmpty)
        }
    }

    @Test func `the relative address wins over the full one`() async throws {
        let variables = CredentialTests.container.merging(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/creds?id=1"])
        { $1 }
        try await story(variables) { cache, ec2, _ async throws in
            _ = try await cache.credentials()
            #expect(ec2.exchanges.map(\.url) == ["http://169.254.170.2/v2/creds?id=1"])
        }
    }

    @Test(arguments: ["@evil.example/", "evil", ".evil.example/x"])
    func `a relative address that is no path is refused`(path: String) async throws {
        try await story(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": path]) { cache, ec2, _ async throws in
            await #expect(throws: CredentialError.self) { try await cache.credentials() }
            #expect(ec2.exchanges.isEmpty)
        }
    }

    @Test func `the token file wins over the token, and is sent as it is`() async throws {
        let variables = CredentialTests.container.merging(["AWS_CONTAINER_AUTHORIZATION_TOKEN": "other"]) { $1 }
        try await story(variables) { cache, ec2, _ async throws in
            _ = try await cache.credentials()
            #expect(ec2.exchanges.first?.request.headers["Authorization"] == "pod-token")
        }
    }

    @Test(arguments: ["a\nb", "a\r\nX-Evil: 1", "token\n", ""])
    func `a token with a line break is refused`(token: String) async throws {
        try await story(CredentialTests.container, files: ["/pod-token": token]) { cache, ec2, _ async throws in
            await #expect(throws: CredentialError.self) { try await cache.credentials() }
            #expect(ec2.exchanges.isEmpty)
        }
    }

    @Test func `the container endpoint is tried three times, about a second apart`() async throws {
        try await story(CredentialTests.container) { cache, ec2, timeline async throws in
            ec2.answerAPI { _ in HTTPResponse(status: 500) }
            await #expect(throws: CredentialError.self) { try await cache.credentials() }
            #expect(ec2.exchanges.count == 3)
            #expect(timeline.now >= .seconds(1) && timeline.now <= .seconds(3))
        }
    }

    @Test func `the exchange of a web identity is not signed, goes to the region, and reads the file each time`()
        async throws
    {
        let variables = CredentialTests.webIdentity.merging(["AWS_REGION": "eu-west-1", "AWS_ROLE_SESSION_NAME": "s n"])
        { $1 }
        try await story(variables) { cache, ec2, _ async throws in
            _ = try await cache.credentials()
            #expect(ec2.exchanges.first?.url == "https://sts.eu-west-1.amazonaws.com/")
            #expect(ec2.exchanges.first?.request.signature == nil)
            #expect(
                ec2.exchanges.first?.body == """
                    Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=s%20n\
                    &WebIdentityToken=eyJ.x.y
                    """)
        }
    }

    @Test(arguments: [
        (400, "IDPCommunicationError", 2), (400, "ExpiredTokenException", 2), (400, "InvalidIdentityToken", 1),
        (403, "IDPRejectedClaim", 1),
        (403, "AccessDenied", 1), (403, "RegionDisabledException", 1), (500, "InternalFailure", 2),
    ])
    func `a refusal of STS is tried again only where that can help`(status: Int, code: String, tries: Int) async throws
    {
        try await story(CredentialTests.webIdentity.merging(["AWS_REGION": "eu-west-1"]) { $1 }) {
            cache, ec2, _ async throws in
            let seen = Shelf<Bool>()
            ec2.answerAPI { exchange in
                defer { seen.add(true) }
                return seen.items.isEmpty ? FakeAPI.error(status, code, "no") : CredentialTests.endpoint(exchange)
            }
            let answer = try? await cache.credentials()
            #expect((answer != nil) == (tries == 2))
            #expect(ec2.exchanges.count == tries)
        }
    }

    @Test func `no error shows a secret`() async throws {
        try await story { cache, ec2, _ async throws in
            ec2.put(
                "{\"AccessKeyId\":\"\",\"SecretAccessKey\":\"hunter2\",\"Token\":\"hunter2\"}",
                at: "iam/security-credentials/node-role")
            do {
                _ = try await cache.credentials()
                Issue.record("it did not fail")
            } catch {
                #expect(!"\(error)".contains("hunter2"))
                #expect(!String(reflecting: error).contains("hunter2"))
            }
        }
    }

    /// The container endpoint and STS.
    private static func endpoint(_ exchange: FakeEC2.Exchange) -> HTTPResponse {
        guard exchange.method == .post else { return HTTPResponse(status: 200, body: Array(document(key: "POD").utf8)) }
        return FakeAPI.success(
            "AssumeRoleWithWebIdentity",
            """
            <Credentials><AccessKeyId>STS</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
            <Expiration>2026-01-01T01:00:00Z</Expiration></Credentials>
            """)
    }

    private func story(
        _ variables: [String: String] = [:],
        files: [String: String] = ["/token": "eyJ.x.y\n", "/pod-token": "pod-token"],
        _ body: @escaping @Sendable (CredentialCache, FakeEC2, ManualTimeline) async throws -> Void
    ) async throws {
        try await VirtualTime.run { timeline async throws in
            let ec2 = FakeEC2(timeline)
            ec2.put("node-role", at: "iam/security-credentials/")
            ec2.put(CredentialTests.document(key: "ROLE"), at: "iam/security-credentials/node-role")
            ec2.answerAPI { CredentialTests.endpoint($0) }
            let surroundings = Surroundings.fake(variables: variables, files: files)
            let clock = WorldClock(anchor: ec2.anchor) { _ in }
            let jitter = Jitter(SeededGenerator(seed: 1))
            let metadata = MetadataService(
                endpoint: .ipv4, mode: .optional, patience: .init(), transport: ec2, timeline: timeline, clock: clock,
                remark: { _ in })
            let client = QueryClient(
                endpoint: .sts, surroundings: surroundings, transport: ec2, timeline: timeline, jitter: jitter,
                credentials: nil,
                region: RegionFinder(surroundings: surroundings, facts: MachineFacts(metadata: metadata)),
                remark: { _ in })
            let cache = CredentialCache(
                sources: CredentialCache.standardSources(
                    surroundings: surroundings, sts: SecurityTokenService(client: client), metadata: metadata,
                    transport: ec2, timeline: timeline, jitter: jitter),
                timeline: timeline, clock: clock)
            try await body(cache, ec2, timeline)
        }
    }
}
