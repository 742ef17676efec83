import Testing

@testable import Simulators

/// Signature Version 4 against signatures that another implementation made, and AWS's front door.
struct SignatureTests {
    private let clock = ManualWallClock(WallTime(seconds: 1_795_226_400))

    private func fixture(token: String?, headers: String, signature: String) -> LabRequest {
        let body =
            "Action=DetachInstances&Version=2011-01-01&AutoScalingGroupName=lab-nodes"
            + "&ShouldDecrementDesiredCapacity=false&InstanceIds.member.1=i-0a1b2c3d4e5f60718"
        let authorization =
            "AWS4-HMAC-SHA256 Credential=AKIDFIXTURE/20261121/us-east-1/autoscaling/aws4_request, "
            + "SignedHeaders=\(headers), Signature=\(signature)"
        return LabRequest(
            method: "POST", path: "/",
            headers: [
                (name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8"),
                (name: "Host", value: "127.0.0.1:4567"), (name: "X-Amz-Date", value: "20261121T020000Z"),
            ] + (token.map { [(name: "X-Amz-Security-Token", value: $0)] } ?? [])
                + [(name: "Authorization", value: authorization)],
            body: Array(body.utf8))
    }

    // Both signatures were made by botocore 1.43.11 for exactly this request.
    @Test(arguments: [
        (
            nil, "content-type;host;x-amz-date",
            "3857f8a624e1d167ae6817dcbcf4f0b72c94e3de5601fd6e48250223cf1f862c"
        ),
        (
            "IQoJb3JpZ2luX2VjFIXTURE==", "content-type;host;x-amz-date;x-amz-security-token",
            "258b9faca6087ec96a95081c84aad461447002f38141d748b724fcb1048bb2d5"
        ),
    ])
    func `a signature of another implementation is accepted`(token: String?, headers: String, signature: String) throws
    {
        let issuer = CredentialIssuer(clock: clock)
        issuer.accept(
            SimulatedCredentials(
                accessKeyID: "AKIDFIXTURE", secretAccessKey: "fixtureSecretKey/0123456789abcdef", sessionToken: token,
                expiration: nil))
        let check = SignatureCheck(issuer: issuer, region: "us-east-1", service: "autoscaling", now: clock.now)
        let verified = try check.verify(fixture(token: token, headers: headers, signature: signature))
        #expect(verified.scope == "20261121/us-east-1/autoscaling/aws4_request")
    }

    // The published example "get-vanilla" of the Signature Version 4 test suite.
    @Test func `the published example has the published signature`() throws {
        let authorization =
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            + "SignedHeaders=host;x-amz-date, "
            + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        let signature = try #require(RequestSignature(authorization: authorization))
        let request = LabRequest(
            method: "GET", path: "/",
            headers: [(name: "Host", value: "example.amazonaws.com"), (name: "X-Amz-Date", value: "20150830T123600Z")])
        #expect(
            signature.expected(for: request, secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY") == signature.signature)
    }

    private func refusal(_ change: (inout LabRequest) -> Void) -> QueryFailure? {
        let issuer = CredentialIssuer(clock: clock)
        var request = SignedCall(credentials: issuer.issue()).request("DescribeAutoScalingInstances", at: clock.now)
        change(&request)
        let check = SignatureCheck(issuer: issuer, region: "us-east-1", service: "autoscaling", now: clock.now)
        do throws(QueryFailure) {
            _ = try check.verify(request)
            return nil
        } catch { return error }
    }

    @Test func `what is signed well is accepted`() {
        #expect(refusal { _ in } == nil)
    }

    @Test func `a changed body does not match`() {
        let failure = refusal { $0.body.append(0x20) }
        #expect(failure?.status == 403)
        #expect(failure?.code == "SignatureDoesNotMatch")
    }

    @Test func `an unsigned request is refused`() {
        let failure = refusal { $0.headers.removeAll { $0.name == "Authorization" } }
        #expect(failure?.code == "MissingAuthenticationToken")
    }

    @Test func `another algorithm is incomplete`() {
        let failure = refusal { request in
            request.headers.removeAll { $0.name == "Authorization" }
            request.headers.append((name: "Authorization", value: "Bearer abc"))
        }
        #expect(failure?.code == "IncompleteSignature")
    }

    @Test func `a session token must be signed`() {
        let failure = refusal { request in
            for index in request.headers.indices where request.headers[index].name == "Authorization" {
                request.headers[index].value = request.headers[index].value.replacing(";x-amz-security-token", with: "")
            }
        }
        #expect(failure?.code == "SignatureDoesNotMatch")
    }

    @Test(arguments: [-301, 301])
    func `a request from another time is refused`(seconds: Int) {
        let issuer = CredentialIssuer(clock: clock)
        let time = clock.now.advanced(by: .seconds(seconds))
        let request = SignedCall(credentials: issuer.issue()).request("DescribeAutoScalingInstances", at: time)
        let check = SignatureCheck(issuer: issuer, region: "us-east-1", service: "autoscaling", now: clock.now)
        #expect(throws: QueryFailure.self) { try check.verify(request) }
    }

    @Test(arguments: [("eu-west-1", "autoscaling"), ("us-east-1", "sts"), ("amazonaws", "autoscaling")])
    func `a wrong scope is refused`(region: String, service: String) {
        let issuer = CredentialIssuer(clock: clock)
        let call = SignedCall(credentials: issuer.issue(), region: region, service: service)
        let check = SignatureCheck(issuer: issuer, region: "us-east-1", service: "autoscaling", now: clock.now)
        #expect(throws: QueryFailure.self) {
            try check.verify(call.request("DescribeAutoScalingInstances", at: clock.now))
        }
    }
}
