import Interruption
import TestSupport
import Testing
import Transport

@testable import AWS

struct QueryTests {
    static let retried = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
        "RequestLimitExceeded", "TooManyRequestsException", "SlowDown", "PriorRequestNotComplete", "RequestTimeout",
        "RequestTimeoutException",
    ]

    @Test(arguments: retried)
    func `throttling is tried again`(code: String) {
        #expect(verdict(FakeAPI.error(400, code, "slower")) == .retry("\(code): slower"))
    }

    @Test(arguments: [429, 500, 502, 503, 504])
    func `a failure of AWS's own is tried again, whatever its body`(status: Int) {
        #expect(verdict(FakeAPI.error(status, "ResourceContention", "busy")) == .retry("ResourceContention: busy"))
        #expect(
            verdict(HTTPResponse(status: status, body: Array("<html>".utf8))) == .retry("status \(status): no message"))
    }

    @Test(arguments: [
        (400, "ValidationError"), (403, "AccessDenied"), (400, "ScalingActivityInProgress"),
        (403, "SignatureDoesNotMatch"),
        (403, "InvalidClientTokenId"), (400, "InvalidAction"), (501, "NotImplemented"),
    ])
    func `everything else is final, with AWS's own words`(status: Int, code: String) {
        #expect(verdict(FakeAPI.error(status, code, "no")) == .refused(code: code, message: "no"))
    }

    @Test(arguments: ["ExpiredToken", "ExpiredTokenException"])
    func `expired credentials are their own case`(code: String) {
        #expect(verdict(FakeAPI.error(403, code, "old")) == .expired(code: code, message: "old"))
    }

    @Test(arguments: [
        "<html><body/></html>", "", "<DetachInstancesResponse>", "<!DOCTYPE a><DetachInstancesResponse/>", "{}",
    ])
    func `a success that is no answer of the action is never taken for one`(body: String) {
        guard case .unreadable = verdict(HTTPResponse(status: 200, body: Array(body.utf8))) else {
            Issue.record("it was read")
            return
        }
    }

    @Test func `a refusal's words are bounded and clean`() {
        let long = String(repeating: "x\n", count: 10_000)
        guard case .refused(let code, let message) = verdict(FakeAPI.error(400, "Validation\u{9}Error", long)) else {
            Issue.record("not refused")
            return
        }
        #expect(message.count <= 300)
        #expect(!message.contains("\n"))
        #expect(code == "Validation Error")
    }

    @Test func `expired credentials are replaced once, then it is final`() async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline, settings: AWSSettings(detaches: true), variables: ["AWS_REGION": "eu-west-1"])
            stage.ec2.put("node-role", at: "iam/security-credentials/")
            stage.ec2.put(CredentialTests.document(key: "FIRST"), at: "iam/security-credentials/node-role")
            stage.ec2.answerAPI { _ in FakeAPI.error(403, "ExpiredToken", "The security token is expired") }
            let outcome = await stage.provider.group?.detach(for: stage.notice, until: stage.deadline(in: 60))
            #expect(outcome == .failed("ExpiredToken: The security token is expired"))
            #expect(stage.calls.count == 2)
            #expect(stage.ec2.exchanges(to: "iam/security-credentials/node-role").count == 2)
        }
    }

    @Test func `an answer that is too long is not read, and asked for again until the time is over`() async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline, settings: AWSSettings(detaches: true), variables: Stage.keys)
            stage.ec2.fail { $0.method == .post ? .oversized : nil }
            guard
                case .failed(let words)? = await stage.provider.group?.detach(
                    for: stage.notice, until: stage.deadline(in: 60))
            else {
                Issue.record("it did not fail")
                return
            }
            #expect(words.contains("tooLarge"))
            #expect(stage.calls.count > 2)
        }
    }

    @Test func `a call that must be signed is not made without credentials or region`() throws {
        let call = QueryCall("DetachInstances", [])
        let keys = try #require(AWSCredentials(accessKeyID: "a", secretAccessKey: "b", sessionToken: nil))
        #expect(throws: QueryError.credentials(.none)) {
            try call.request(to: "https://x/", of: .autoScaling, region: "eu-west-1", credentials: nil)
        }
        #expect(throws: QueryError.misconfigured("no region to sign for")) {
            try call.request(to: "https://x/", of: .autoScaling, region: "", credentials: keys)
        }
        #expect(try call.request(to: "https://x/", of: .autoScaling, region: "r", credentials: keys).signature != nil)
    }

    @Test(
        arguments: [
            ([:], "eu-west-1", "https://autoscaling.eu-west-1.amazonaws.com/"),
            ([:], "cn-north-1", "https://autoscaling.cn-north-1.amazonaws.com.cn/"),
            ([:], "us-gov-west-1", "https://autoscaling.us-gov-west-1.amazonaws.com/"),
            ([:], "eusc-de-east-1", "https://autoscaling.eusc-de-east-1.amazonaws.eu/"),
            ([:], "us-iso-east-1", "https://autoscaling.us-iso-east-1.c2s.ic.gov/"),
            ([:], "us-isob-east-1", "https://autoscaling.us-isob-east-1.sc2s.sgov.gov/"),
            ([:], "us-isof-south-1", "https://autoscaling.us-isof-south-1.csp.hci.ic.gov/"),
            ([:], "eu-isoe-west-1", "https://autoscaling.eu-isoe-west-1.cloud.adc-e.uk/"),
            (fips, "us-east-1", "https://autoscaling-fips.us-east-1.amazonaws.com/"),
            (fips, "us-gov-west-1", "https://autoscaling.us-gov-west-1.amazonaws.com/"),
            (dualStack, "us-east-1", "https://autoscaling.us-east-1.api.aws/"),
            (dualStack, "cn-north-1", "https://autoscaling.cn-north-1.api.amazonwebservices.com.cn/"),
            (
                fips.merging(dualStack) { $1 }, "us-gov-west-1",
                "https://autoscaling-fips.us-gov-west-1.api.aws/"
            ),
            (["AWS_ENDPOINT_URL": "http://localhost:4566"], "eu-west-1", "http://localhost:4566/"),
            (
                ["AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_AUTO_SCALING": "https://b/"], "eu-west-1",
                "https://b/"
            ),
            (
                ["AWS_ENDPOINT_URL_AUTO_SCALING": "http://b", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"],
                "eu-west-1",
                "https://autoscaling.eu-west-1.amazonaws.com/"
            ),
            (["AWS_ENDPOINT_URL_STS": "http://c"], "eu-west-1", "https://autoscaling.eu-west-1.amazonaws.com/"),
        ] as [([String: String], String, String)])
    func `the endpoint is the region's, or what the SDKs' variables say`(
        variables: [String: String], region: String, expected: String
    ) throws {
        #expect(
            try ServiceEndpoint.autoScaling.url(region: region, surroundings: .fake(variables: variables)) == expected)
    }

    private static let fips = ["AWS_USE_FIPS_ENDPOINT": "true"]
    private static let dualStack = ["AWS_USE_DUALSTACK_ENDPOINT": "true"]

    @Test(arguments: [
        ("us-east-1", "https://sts.amazonaws.com/"), ("eu-north-1", "https://sts.amazonaws.com/"),
        ("eu-south-1", "https://sts.eu-south-1.amazonaws.com/"),
        ("cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn/"),
        ("us-gov-west-1", "https://sts.us-gov-west-1.amazonaws.com/"),
    ])
    func `STS's legacy host is for the regions that had it, and never for another partition`(
        region: String, expected: String
    ) throws {
        let legacy = Surroundings.fake(variables: ["AWS_STS_REGIONAL_ENDPOINTS": "legacy"])
        #expect(try ServiceEndpoint.sts.url(region: region, surroundings: legacy) == expected)
    }

    @Test func `of a partition that is not known the metadata service says the domain`() throws {
        let url = { (domain: String?) throws in
            try ServiceEndpoint.autoScaling.url(region: "xx-new-1", domain: domain, surroundings: .fake())
        }
        #expect(try url("amazonaws.xx") == "https://autoscaling.xx-new-1.amazonaws.xx/")
        #expect(try url(nil) == "https://autoscaling.xx-new-1.amazonaws.com/")
    }

    @Test func `a refusal that means a wrong clock says so`() async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline, settings: AWSSettings(detaches: true), variables: Stage.keys)
            stage.ec2.answerAPI { _ in FakeAPI.error(403, "SignatureDoesNotMatch", "expired") }
            guard
                case .failed(let words)? = await stage.provider.group?.detach(
                    for: stage.notice, until: stage.deadline(in: 60))
            else {
                Issue.record("it did not fail")
                return
            }
            #expect(words.contains("this node's clock"))
        }
    }

    @Test func `an endpoint that is none is refused by its name`() {
        #expect(throws: QueryError.misconfigured("AWS_ENDPOINT_URL is no http or https URL")) {
            try ServiceEndpoint.sts.url(
                region: "r", surroundings: .fake(variables: ["AWS_ENDPOINT_URL": "localhost:4566"]))
        }
    }

    @Test(
        arguments: [
            (["AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-2"], "us-east-1"),
            (["AWS_DEFAULT_REGION": "us-east-2"], "us-east-2"),
            ([:], "eu-west-1"), (["AWS_REGION": ""], "eu-west-1"), (["AWS_REGION": "evil.example/"], nil),
            (["AWS_EC2_METADATA_DISABLED": "true"], nil),
        ] as [([String: String], String?)])
    func `the region is named, or the metadata's`(variables: [String: String], expected: String?) async throws {
        try await VirtualTime.run { timeline async throws in
            let ec2 = FakeEC2(timeline)
            ec2.put("eu-west-1", at: "placement/region")
            let clock = WorldClock(anchor: ec2.anchor) { _ in }
            let metadata = MetadataService(
                endpoint: .ipv4, mode: .required, patience: .init(), transport: ec2, timeline: timeline, clock: clock,
                remark: { _ in })
            let finder = RegionFinder(
                surroundings: .fake(variables: variables), facts: MachineFacts(metadata: metadata))
            #expect(await finder.region() == .success(expected))
            #expect(!ec2.exchanges.contains { $0.path.contains("zone") })
        }
    }

    private func verdict(_ response: HTTPResponse) -> QueryVerdict {
        QueryVerdict(response, to: QueryCall("DetachInstances", []))
    }
}
