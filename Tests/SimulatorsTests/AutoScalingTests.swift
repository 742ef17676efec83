import Simulators
import Testing

/// The Auto Scaling API as a caller sees it.
struct AutoScalingTests {
    private let clock = ManualWallClock()
    private let aws: AWSQueryService
    private let caller: SignedCall

    init() {
        aws = AWSQueryService(
            groups: [
                AutoScalingGroup(
                    name: "nodes", desiredCapacity: 2, instances: [GroupInstance(id: "i-1"), GroupInstance(id: "i-2")],
                    hooks: [LifecycleHook(name: "drain", heartbeatTimeout: .seconds(300), defaultResult: "CONTINUE")])
            ], clock: clock)
        caller = SignedCall(credentials: aws.issuer.issue(for: .seconds(100_000)))
    }

    private func call(_ action: String, _ parameters: [(String, String)] = []) async -> LabResponse {
        await aws.respond(to: caller.request(action, parameters, at: clock.now))
    }

    private func detach(_ id: String, decrement: String = "false") async -> LabResponse {
        await call(
            "DetachInstances",
            [
                ("AutoScalingGroupName", "nodes"), ("ShouldDecrementDesiredCapacity", decrement),
                ("InstanceIds.member.1", id),
            ])
    }

    private func onHook(_ action: String, _ id: String, _ more: [(String, String)] = []) async -> LabResponse {
        await call(
            action, [("LifecycleHookName", "drain"), ("AutoScalingGroupName", "nodes"), ("InstanceId", id)] + more)
    }

    @Test func `an instance is described with its group and state`() async {
        let answer = await call("DescribeAutoScalingInstances", [("InstanceIds.member.1", "i-1")])
        #expect(answer.status == 200)
        #expect(
            answer.text?.hasPrefix(
                #"<DescribeAutoScalingInstancesResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">"#)
                == true)
        #expect(element("AutoScalingGroupName", in: answer) == "nodes")
        #expect(element("LifecycleState", in: answer) == "InService")
        #expect(element("InstanceId", in: answer) == "i-1")
    }

    @Test func `an instance of no group is an empty list`() async {
        let answer = await call("DescribeAutoScalingInstances", [("InstanceIds.member.1", "i-unknown")])
        #expect(answer.status == 200)
        #expect(answer.text?.contains("<AutoScalingInstances/>") == true)
    }

    @Test func `a detached instance is replaced when the capacity stays`() async {
        let answer = await detach("i-1")
        let group = aws.autoScaling["nodes"]
        #expect(element("StatusCode", in: answer) == "InProgress")
        #expect(group?.desiredCapacity == 2)
        #expect(group?.instances.count == 2)
        #expect(group?.instances.contains { $0.id == "i-1" } == false)
        #expect(group?.instances.last?.lifecycleState == "Pending")
    }

    @Test func `a detached instance is not replaced when the capacity shrinks`() async {
        _ = await detach("i-1", decrement: "true")
        #expect(aws.autoScaling["nodes"]?.desiredCapacity == 1)
        #expect(aws.autoScaling["nodes"]?.instances.map(\.id) == ["i-2"])
    }

    @Test(arguments: ["Pending", "Terminating:Wait", "Terminated"])
    func `only an instance in service or standby can be detached`(state: String) async {
        aws.updateAutoScaling { $0.change("i-1") { $0.lifecycleState = state } }
        let answer = await detach("i-1")
        #expect(answer.status == 400)
        #expect(element("Code", in: answer) == "ValidationError")
        #expect(element("Type", in: answer) == "Sender")
    }

    @Test func `an instance can be detached once`() async {
        _ = await detach("i-1")
        #expect(element("Code", in: await detach("i-1")) == "ValidationError")
    }

    @Test(arguments: ["AutoScalingGroupName", "ShouldDecrementDesiredCapacity"])
    func `a missing parameter is a validation error`(name: String) async {
        let all = [("AutoScalingGroupName", "nodes"), ("ShouldDecrementDesiredCapacity", "false")]
        let answer = await call("DetachInstances", all.filter { $0.0 != name })
        #expect(answer.status == 400)
        #expect(element("Code", in: answer) == "ValidationError")
    }

    @Test func `hooks are described with their times`() async {
        let answer = await call("DescribeLifecycleHooks", [("AutoScalingGroupName", "nodes")])
        #expect(element("LifecycleHookName", in: answer) == "drain")
        #expect(element("HeartbeatTimeout", in: answer) == "300")
        #expect(element("GlobalTimeout", in: answer) == "30000")
        #expect(element("LifecycleTransition", in: answer) == "autoscaling:EC2_INSTANCE_TERMINATING")
    }

    @Test func `scale-in waits for the hook to be completed`() async {
        aws.scaleIn("i-1")
        #expect(aws.autoScaling.instance("i-1")?.instance.lifecycleState == "Terminating:Wait")
        let answer = await onHook("CompleteLifecycleAction", "i-1", [("LifecycleActionResult", "CONTINUE")])
        #expect(answer.text?.contains("<CompleteLifecycleActionResult/>") == true)
        let instance = aws.autoScaling.instance("i-1")?.instance
        #expect(instance?.lifecycleState == "Terminating:Proceed")
        #expect(instance?.ended.first?.result == "CONTINUE")
        #expect(instance?.ended.first?.timedOut == false)
    }

    @Test func `a hook that nobody answers ends by itself`() {
        aws.scaleIn("i-1")
        clock.advance(by: .seconds(300))
        let instance = aws.autoScaling.instance("i-1")?.instance
        #expect(instance?.lifecycleState == "Terminating:Proceed")
        #expect(instance?.ended.first?.timedOut == true)
        #expect(instance?.ended.first?.result == "CONTINUE")
    }

    @Test func `a heartbeat begins the hook's time anew`() async {
        aws.scaleIn("i-1")
        clock.advance(by: .seconds(299))
        #expect(await onHook("RecordLifecycleActionHeartbeat", "i-1").status == 200)
        clock.advance(by: .seconds(299))
        #expect(aws.autoScaling.instance("i-1")?.instance.lifecycleState == "Terminating:Wait")
        #expect(aws.autoScaling.instance("i-1")?.instance.waiting.first?.heartbeats == 1)
    }

    @Test func `heartbeats cannot go beyond the hook's whole time`() async throws {
        aws.scaleIn("i-1")
        let start = clock.now
        for _ in 0..<101 {
            clock.advance(by: .seconds(299))
            _ = await onHook("RecordLifecycleActionHeartbeat", "i-1")
        }
        clock.advance(by: .seconds(30000))
        let ended = try #require(aws.autoScaling.instance("i-1")?.instance.ended.first)
        #expect(start.duration(to: ended.deadline) == .seconds(30000))
        #expect(ended.timedOut)
    }

    @Test(arguments: ["RecordLifecycleActionHeartbeat", "CompleteLifecycleAction"])
    func `without a waiting hook there is nothing to complete`(action: String) async {
        let answer = await onHook(action, "i-1", [("LifecycleActionResult", "CONTINUE")])
        #expect(answer.status == 400)
        #expect(element("Code", in: answer) == "ValidationError")
    }

    @Test func `credentials that ended are refused`() async {
        aws.issuer.expireAll()
        let answer = await call("DescribeAutoScalingInstances")
        #expect(answer.status == 403)
        #expect(element("Code", in: answer) == "ExpiredToken")
    }

    @Test(arguments: [(400, "Throttling"), (500, "ResourceContention"), (403, "AccessDenied")])
    func `an error can be asked for, and changes nothing`(status: Int, code: String) async {
        aws.faults.add(
            FaultRule(.queryError(status: status, code: code, message: "as asked"), action: "DetachInstances", times: 1)
        )
        let answer = await detach("i-1")
        #expect(answer.status == status)
        #expect(element("Code", in: answer) == code)
        #expect(aws.autoScaling["nodes"]?.instances.first?.id == "i-1")
        #expect(await detach("i-1").status == 200)
    }

    @Test func `calls are recorded with their scope and token`() async throws {
        _ = await detach("i-1")
        let recorded = try #require(aws.calls.first)
        #expect(recorded.action == "DetachInstances")
        #expect(recorded["InstanceIds.member.1"] == "i-1")
        #expect(recorded.scope?.hasSuffix("/us-east-1/autoscaling/aws4_request") == true)
        #expect(recorded.securityToken == caller.credentials.sessionToken)
        #expect(recorded.status == 200)
    }

    @Test func `an unknown action is invalid`() async {
        #expect(element("Code", in: await call("LaunchRockets")) == "InvalidAction")
    }
}
