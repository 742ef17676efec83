import Simulators
import Testing

/// The Security Token Service and the credential agents of containers.
struct TokenServiceTests {
    private let clock = ManualWallClock()
    private let aws: AWSQueryService

    init() {
        aws = AWSQueryService(clock: clock)
    }

    private func assume(token: String = "jwt", more: String = "") async -> LabResponse {
        let body =
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdrain"
            + "&RoleSessionName=node-1&WebIdentityToken=\(token)\(more)"
        return await aws.respond(to: LabRequest(method: "POST", path: "/", body: Array(body.utf8)))
    }

    @Test func `a web identity becomes credentials that sign`() async throws {
        let answer = await assume()
        #expect(
            answer.text?.hasPrefix(
                #"<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">"#) == true)
        let key = try #require(element("AccessKeyId", in: answer))
        let known = try #require(aws.issuer.credentials(key))
        #expect(element("SecretAccessKey", in: answer) == known.secretAccessKey)
        #expect(element("SessionToken", in: answer) == known.sessionToken)
        #expect(element("Expiration", in: answer) == clock.now.advanced(by: .seconds(3600)).iso8601)
        let call = SignedCall(credentials: known).request("DescribeAutoScalingInstances", at: clock.now)
        #expect(await aws.respond(to: call).status == 200)
    }

    @Test func `the duration can be asked for`() async {
        let answer = await assume(more: "&DurationSeconds=900")
        #expect(element("Expiration", in: answer) == clock.now.advanced(by: .seconds(900)).iso8601)
    }

    @Test func `an expired token is refused`() async {
        aws.updateTokens { $0.expired = ["old"] }
        let answer = await assume(token: "old")
        #expect(answer.status == 400)
        #expect(element("Code", in: answer) == "ExpiredTokenException")
    }

    @Test func `a token that is not among the accepted ones is invalid`() async {
        aws.updateTokens { $0.accepted = ["good"] }
        #expect(element("Code", in: await assume(token: "bad")) == "InvalidIdentityToken")
        #expect(await assume(token: "good").status == 200)
    }

    @Test func `a pod shows its token and gets credentials`() async throws {
        let agent = ContainerCredentialsService(issuer: aws.issuer, token: "pod", clock: clock)
        let answer = await agent.respond(
            to: LabRequest(
                method: "GET", path: ContainerCredentialsService.podIdentityPath,
                headers: [(name: "Authorization", value: "pod")]))
        let document = try #require(JSONValue(Array((answer.text ?? "").utf8)))
        let known = try #require(aws.issuer.credentials(document["AccessKeyId"]?.string ?? ""))
        #expect(document["Token"]?.string == known.sessionToken)
        #expect(document["AccountId"]?.string == "123456789012")
    }

    @Test(arguments: [(nil, 400), ("Bearer pod", 401), ("other", 401)])
    func `a pod without the right token gets nothing`(authorization: String?, status: Int) async {
        let agent = ContainerCredentialsService(issuer: aws.issuer, token: "pod", clock: clock)
        let headers = authorization.map { [(name: "Authorization", value: $0)] } ?? []
        let request = LabRequest(method: "GET", path: ContainerCredentialsService.podIdentityPath, headers: headers)
        #expect(await agent.respond(to: request).status == status)
    }

    @Test func `a task needs only its path`() async {
        let agent = ContainerCredentialsService(issuer: aws.issuer, clock: clock)
        let request = LabRequest(method: "GET", path: ContainerCredentialsService.taskPath)
        #expect(await agent.respond(to: request).text?.contains("RoleArn") == true)
    }
}
