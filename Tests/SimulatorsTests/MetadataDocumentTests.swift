import Simulators
import Testing

/// What the metadata service says about an instance and about what is going to happen to it.
struct MetadataDocumentTests {
    private let clock = ManualWallClock(WallTime(seconds: 1_505_722_800))
    private let metadata: MetadataService

    init() {
        metadata = MetadataService(MetadataState(access: .v1AndV2), clock: clock)
    }

    private func read(_ path: String) async -> LabResponse {
        await metadata.respond(to: LabRequest(method: "GET", path: "/latest/\(path)"))
    }

    @Test(arguments: [
        ("meta-data/instance-id", "i-0a1b2c3d4e5f60718"), ("meta-data/instance-type", "m5.large"),
        ("meta-data/instance-life-cycle", "spot"), ("meta-data/placement/region", "us-east-1"),
        ("meta-data/placement/availability-zone", "us-east-1a"), ("meta-data/local-ipv4", "10.0.0.42"),
        ("meta-data/local-hostname", "ip-10-0-0-42.ec2.internal"), ("meta-data/mac", "0e:49:61:0f:c3:11"),
        ("meta-data/events/maintenance/scheduled", "[]"), ("meta-data/events/maintenance/history", "[]"),
        ("meta-data/placement", "availability-zone\nregion"),
        ("meta-data/iam/security-credentials/", "lab-node-role"),
        ("meta-data/iam/security-credentials", "lab-node-role"),
        ("meta-data/iam/", "security-credentials/"), ("", "dynamic/\nmeta-data/"),
    ])
    func `the facts of the instance are there`(path: String, text: String) async {
        let answer = await read(path)
        #expect(answer.status == 200)
        #expect(answer.text == text)
    }

    @Test(arguments: [
        "meta-data/spot/instance-action", "meta-data/spot/termination-time", "meta-data/spot/", "meta-data/nothing",
        "meta-data/events/recommendations/rebalance", "meta-data/autoscaling/target-lifecycle-state",
        "meta-data/instance-id/", "user-data",
    ])
    func `what is not there is an HTML page with status 404`(path: String) async {
        let answer = await read(path)
        #expect(answer.status == 404)
        #expect(answer.header("Content-Type") == "text/html")
    }

    @Test func `a version of the past serves the same documents`() async {
        let answer = await metadata.respond(to: LabRequest(method: "GET", path: "/2021-07-15/meta-data/instance-id"))
        #expect(answer.text == "i-0a1b2c3d4e5f60718")
    }

    @Test func `a termination is announced on both spot paths`() async {
        metadata.noticeSpot(in: .seconds(120))
        #expect(
            await read("meta-data/spot/instance-action").text
                == #"{"action":"terminate","time":"2017-09-18T08:22:00Z"}"#)
        #expect(await read("meta-data/spot/termination-time").text == "2017-09-18T08:22:00Z")
    }

    @Test(arguments: ["stop", "hibernate"])
    func `a stop or hibernation is announced on the newer path only`(action: String) async {
        metadata.noticeSpot(action: action, in: .seconds(120))
        #expect(
            await read("meta-data/spot/instance-action").text
                == #"{"action":"\#(action)","time":"2017-09-18T08:22:00Z"}"#)
        #expect(await read("meta-data/spot/termination-time").status == 404)
    }

    @Test func `the termination time can be something that is no time`() async {
        metadata.update { $0.terminationTime = "N/A" }
        #expect(await read("meta-data/spot/termination-time").text == "N/A")
    }

    @Test func `a rebalance recommendation says when it was made`() async {
        metadata.noticeRebalance()
        #expect(
            await read("meta-data/events/recommendations/rebalance").text == #"{"noticeTime":"2017-09-18T08:20:00Z"}"#)
    }

    @Test func `a scheduled event has the fields and the time format of EC2`() async {
        metadata.noticeMaintenance("system-reboot", in: .seconds(60), id: "instance-event-1")
        let expected =
            #"[{"NotBefore":"18 Sep 2017 08:21:00 GMT","Code":"system-reboot","# + #""Description":"The instance is "#
            + #"scheduled for system-reboot","EventId":"instance-event-1","NotAfter":"18 Sep 2017 10:21:00 GMT","#
            + #""State":"active"}]"#
        #expect(await read("meta-data/events/maintenance/scheduled").text == expected)
    }

    @Test func `an event without an end has no NotAfter`() async {
        let event = MaintenanceEvent(code: "instance-retirement", notBefore: clock.now)
        metadata.update { $0.maintenance = [event] }
        #expect(await read("meta-data/events/maintenance/scheduled").text?.contains("NotAfter") == false)
    }

    @Test(arguments: [("completed", "[Completed] "), ("canceled", "[Canceled] ")])
    func `an event that is over moves to the history with a prefix`(state: String, prefix: String) async {
        metadata.noticeMaintenance("instance-stop", in: .seconds(60), id: "instance-event-1")
        metadata.update { $0.endMaintenance("instance-event-1", as: state) }
        #expect(await read("meta-data/events/maintenance/scheduled").text == "[]")
        let history = await read("meta-data/events/maintenance/history").text ?? ""
        #expect(history.contains(#""Description":"\#(prefix)The instance"#))
        #expect(history.contains(#""State":"\#(state)""#))
    }

    @Test func `the target lifecycle state is plain text`() async {
        metadata.update { $0.targetLifecycleState = "Warmed:Stopped" }
        #expect(await read("meta-data/autoscaling/target-lifecycle-state").text == "Warmed:Stopped")
    }

    @Test func `a withdrawn notice is gone`() async {
        metadata.noticeSpot(in: .seconds(120))
        metadata.update { $0.withdrawAll() }
        #expect(await read("meta-data/spot/instance-action").status == 404)
    }

    @Test func `the identity document tells region and account`() async throws {
        let text = try #require(await read("dynamic/instance-identity/document").text)
        let document = try #require(JSONValue(Array(text.utf8)))
        #expect(document["region"]?.string == "us-east-1")
        #expect(document["accountId"]?.string == "123456789012")
    }

    @Test func `the role's credentials are good for signing and the same for everybody`() async throws {
        let path = "meta-data/iam/security-credentials/lab-node-role"
        let first = try #require(await read(path).text)
        let document = try #require(JSONValue(Array(first.utf8)))
        let key = try #require(document["AccessKeyId"]?.string)
        let known = try #require(metadata.issuer.credentials(key))
        #expect(document["Code"]?.string == "Success")
        #expect(document["SecretAccessKey"]?.string == known.secretAccessKey)
        #expect(document["Token"]?.string == known.sessionToken)
        #expect(document["Expiration"]?.string == known.expiration?.iso8601)
        #expect(await read(path).text == first)
    }

    @Test func `the role's credentials are renewed before they end`() async {
        let path = "meta-data/iam/security-credentials/lab-node-role"
        let first = await read(path).text
        clock.advance(by: .seconds(21600 - 299))
        #expect(await read(path).text != first)
    }

    @Test func `credentials that cannot be had are a code and a message with status 200`() async throws {
        metadata.update { $0.role = .failing("broken", code: "AssumeRoleUnauthorizedAccess", message: "no trust") }
        let answer = await read("meta-data/iam/security-credentials/broken")
        let document = try #require(JSONValue(Array((answer.text ?? "").utf8)))
        #expect(answer.status == 200)
        #expect(document["Code"]?.string == "AssumeRoleUnauthorizedAccess")
        #expect(document["AccessKeyId"]?.string == nil)
    }

    @Test func `an instance without a role has no credentials`() async {
        metadata.update { $0.role = .none }
        #expect(await read("meta-data/iam/security-credentials/").status == 404)
    }

    @Test func `any path can be made to say anything`() async {
        metadata.update { $0.overrides["meta-data/spot/instance-action"] = "{not json" }
        #expect(await read("meta-data/spot/instance-action").text == "{not json")
    }
}
