import Interruption
import TestSupport
import Testing
import Transport

@testable import AWS

struct AutoScalingGroupTests {
    @Test func `a machine in service is detached, and the desired capacity stays`() async throws {
        try await story { stage, api async throws in
            #expect(
                await stage.provider.group?.detach(for: stage.notice, until: stage.deadline(in: 60))
                    == .done("detached from nodes"))
            #expect(
                stage.calls.last?.body == """
                    Action=DetachInstances&Version=2011-01-01&AutoScalingGroupName=nodes&InstanceIds.member.1=i-0bb697ef2705e5b37\
                    &ShouldDecrementDesiredCapacity=false
                    """)
            #expect(stage.calls.last?.url == "https://autoscaling.eu-west-1.amazonaws.com/")
        }
    }

    @Test func `every call is signed with an explicit scope`() async throws {
        try await story { stage, api async throws in
            _ = await stage.provider.group?.detach(for: stage.notice, until: stage.deadline(in: 60))
            #expect(stage.calls.count == 2)
            for call in stage.calls {
                #expect(call.request.signature?.region == "eu-west-1")
                #expect(call.request.signature?.service == "autoscaling")
                #expect(call.request.signature?.accessKeyID == "AKIDEXAMPLE")
                #expect(call.request.headers.fields.map(\.name) == ["Content-Type"])
            }
        }
    }

    @Test func `a machine in no group needs nothing`() async throws {
        try await story { stage, api async throws in
            api.change { $0.group = nil }
            let outcome = await stage.provider.group?.detach(for: stage.notice, until: stage.deadline(in: 60))
            #expect(outcome == .notNeeded("the machine is in no Auto Scaling group"))
        }
    }

    @Test(arguments: ["Terminating:Wait", "Terminating", "Detaching", "Standby", "Pending", "Warmed:Stopped"])
    func `a machine that is not in service needs nothing`(state: String) async throws {
        try await story { stage, api async throws in
            api.change { $0.lifecycleState = state }
            let outcome = await stage.provider.group?.detach(for: stage.notice, until: stage.deadline(in: 60))
            #expect(outcome == .notNeeded("the machine is \(state) in nodes"))
            #expect(!stage.actions.contains("DetachInstances"))
        }
    }

    @Test func `a group that began to replace the machine in between is no failure`() async throws {
        try await story { stage, api async throws in
            api.change { state in
                state.lifecycleState = "Terminating:Wait"
                state.upfront["DescribeAutoScalingInstances"] = [
                    FakeAPI.success(
                        "DescribeAutoScalingInstances",
                        """
                        <AutoScalingInstances><member><InstanceId>i-0bb697ef2705e5b37</InstanceId><AutoScalingGroupName>nodes\
                        </AutoScalingGroupName><LifecycleState>InService</LifecycleState></member></AutoScalingInstances>
                        """)
                ]
            }
            let outcome = await stage.provider.group?.detach(for: stage.notice, until: stage.deadline(in: 60))
            #expect(outcome == .notNeeded("the machine is Terminating:Wait in nodes"))
        }
    }

    @Test func `a detach whose answer was lost counts as done`() async throws {
        try await story { stage, api async throws in
            let first = Shelf<Bool>()
            stage.ec2.fail { exchange in
                guard exchange.body.contains("Action=DetachInstances"), first.items.isEmpty else { return nil }
                first.add(true)
                _ = api.answer(exchange)
                return .lose
            }
            let outcome = await stage.provider.group?.detach(for: stage.notice, until: stage.deadline(in: 60))
            #expect(outcome == .done("detached from nodes"))
        }
    }

    @Test func `a refusal comes out in AWS's own words`() async throws {
        try await story { stage, api async throws in
            api.change {
                $0.upfront["DetachInstances"] = [FakeAPI.error(403, "AccessDenied", "not authorized to perform this")]
            }
            let outcome = await stage.provider.group?.detach(for: stage.notice, until: stage.deadline(in: 60))
            #expect(outcome == .failed("AccessDenied: not authorized to perform this"))
        }
    }

    @Test func `without credentials it fails, and nothing goes out unsigned`() async throws {
        try await story(variables: ["AWS_REGION": "eu-west-1"]) { stage, api async throws in
            guard
                case .failed(let words)? = await stage.provider.group?.detach(
                    for: stage.notice, until: stage.deadline(in: 60))
            else {
                Issue.record("it did not fail")
                return
            }
            #expect(words.contains("no AWS credentials"))
            #expect(stage.calls.isEmpty)
        }
    }

    @Test func `a service that fails to the deadline is a failure at the deadline`() async throws {
        try await story { stage, api async throws in
            stage.ec2.answerAPI { _ in HTTPResponse(status: 503) }
            let outcome = await stage.provider.group?.detach(for: stage.notice, until: stage.deadline(in: 30))
            #expect(outcome == .failed("no success in time: status 503: no message"))
            #expect(stage.timeline.now <= .seconds(31))
            #expect(stage.calls.count > 5)
        }
    }

    @Test func `not wanted, there is no group`() async throws {
        try await VirtualTime.run { timeline async throws in
            #expect(Stage(timeline).provider.group == nil)
        }
    }

    private func story(
        variables: [String: String] = Stage.keys, _ body: @escaping @Sendable (Stage, FakeAPI) async throws -> Void
    ) async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline, settings: AWSSettings(detaches: true), variables: variables)
            let api = FakeAPI()
            stage.ec2.answerAPI { api.answer($0) }
            try await body(stage, api)
        }
    }
}
