import Interruption
import TestSupport
import Testing
import Transport

@testable import AWS

struct TerminationHooksTests {
    @Test func `a hook is held by heartbeats at half of its timeout until the hold is cancelled`() async throws {
        try await story(hooks: [("drain", 300)]) { stage, api async throws in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await stage.provider.hook?.hold(for: stage.notice, until: stage.deadline(in: 3600)) }
                try? await stage.timeline.sleep(for: .seconds(400))
                group.cancelAll()
            }
            #expect(api.now.heartbeats == [0, 150, 300].map { Moment.seconds($0) })
        }
    }

    @Test func `a hold ends at its deadline`() async throws {
        try await story(hooks: [("drain", 300)]) { stage, api async throws in
            await stage.provider.hook?.hold(for: stage.notice, until: stage.deadline(in: 400))
            #expect(stage.timeline.now == .seconds(400))
        }
    }

    @Test func `a hold ends when the hook is gone`() async throws {
        try await story(hooks: [("drain", 300)]) { stage, api async throws in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await stage.provider.hook?.hold(for: stage.notice, until: stage.deadline(in: 3600)) }
                try? await stage.timeline.sleep(for: .seconds(200))
                api.change { $0.isWaiting = false }
            }
            #expect(stage.timeline.now == .seconds(300))
        }
    }

    @Test func `a heartbeat that fails for a while is not the last`() async throws {
        try await story(hooks: [("drain", 60)]) { stage, api async throws in
            stage.ec2.fail {
                $0.body.contains("Heartbeat") && $0.moment > .seconds(20) && $0.moment < .seconds(100)
                    ? .status(503) : nil
            }
            await stage.provider.hook?.hold(for: stage.notice, until: stage.deadline(in: 200))
            #expect(api.now.heartbeats.contains { $0 >= .seconds(100) && $0 < .seconds(110) })
            #expect(api.now.heartbeats.count >= 5)
        }
    }

    @Test(arguments: ["DescribeAutoScalingInstances", "DescribeLifecycleHooks", "CompleteLifecycleAction"])
    func `a hook is completed although an answer on the way cannot be read`(action: String) async throws {
        try await story(hooks: [("drain", 300)]) { stage, api async throws in
            api.change { $0.upfront = [action: [HTTPResponse(status: 200, body: Array("<!doctype".utf8))]] }
            let outcome = await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 60))
            #expect(outcome == .done("completed drain"))
            #expect(api.now.completed == ["drain"])
        }
    }

    @Test func `completing says CONTINUE for our machine`() async throws {
        try await story(hooks: [("drain", 300)]) { stage, api async throws in
            let outcome = await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 60))
            #expect(outcome == .done("completed drain"))
            #expect(
                stage.calls.last?.body == """
                    Action=CompleteLifecycleAction&Version=2011-01-01&AutoScalingGroupName=nodes&InstanceId=i-0bb697ef2705e5b37\
                    &LifecycleActionResult=CONTINUE&LifecycleHookName=drain
                    """)
        }
    }

    @Test func `only termination hooks are ours, all of them unless one is named`() async throws {
        for only in [nil, "second"] {
            try await story(hooks: [("first", 300), ("second", 60)], only: only) { stage, api async throws in
                api.change { $0.hooks.append(("launch", "EC2_INSTANCE_LAUNCHING", 10)) }
                _ = await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 60))
                #expect(api.now.completed == (only.map { [$0] } ?? ["first", "second"]))
            }
        }
    }

    @Test func `completing is tried again until it succeeds`() async throws {
        try await story(hooks: [("drain", 300)]) { stage, api async throws in
            stage.ec2.fail {
                $0.body.contains("Complete") && $0.moment < .seconds(40)
                    ? ($0.moment < .seconds(20) ? .status(500) : .hang) : nil
            }
            let outcome = await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 120))
            #expect(outcome == .done("completed drain"))
        }
    }

    @Test func `after the deadline it is still tried`() async throws {
        try await story(hooks: [("drain", 300)]) { stage, api async throws in
            let outcome = await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: -5))
            #expect(outcome == .done("completed drain"))
        }
    }

    @Test func `a hook that is gone needs nothing`() async throws {
        try await story(hooks: [("drain", 300)]) { stage, api async throws in
            api.change { $0.isWaiting = false }
            let outcome = await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 60))
            #expect(outcome == .notNeeded("nodes does not wait any more"))
        }
    }

    @Test func `a group without hooks and a machine without a group need nothing`() async throws {
        try await story(hooks: []) { stage, api async throws in
            #expect(
                await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 60))
                    == .notNeeded("nodes has no termination hook"))
            api.change { $0.group = nil }
            #expect(
                await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 60))
                    == .notNeeded("the machine is in no Auto Scaling group"))
        }
    }

    @Test func `a scale-in whose hook is known has the hook's timeout as deadline`() async throws {
        try await story(hooks: [("drain", 900), ("other", 300)]) { stage, api async throws in
            stage.ec2.put("Terminated", at: "autoscaling/target-lifecycle-state")
            try await stage.play(for: .seconds(60))
            #expect(stage.notices.count == 1)
            #expect(stage.notices.first?.hasHook == true)
            #expect(stage.notices.first?.deadline.moment == Moment(sinceOrigin: .seconds(300)))
            #expect(stage.actions == ["DescribeAutoScalingInstances", "DescribeLifecycleHooks"])
        }
    }

    @Test(arguments: [FakeEC2.Fault.hang, .status(503)])
    func `an API that does not answer delays a scale-in by a few seconds only`(fault: FakeEC2.Fault) async throws {
        try await story(hooks: [("drain", 900)]) { stage, api async throws in
            stage.ec2.put("Terminated", at: "autoscaling/target-lifecycle-state")
            stage.ec2.fail { $0.method == .post ? fault : nil }
            try await stage.play(for: .seconds(60))
            #expect(stage.notices.count == 1)
            #expect(stage.notices.first?.hasHook == true)
            #expect(try #require(stage.firstNotice()?.moment) <= .seconds(3.5))
            #expect(stage.notices.first?.deadline.certainty == .assumed)
        }
    }

    @Test func `without credentials there is no hook, and the deadline is assumed`() async throws {
        try await story(hooks: [("drain", 900)], variables: ["AWS_REGION": "eu-west-1"]) { stage, api async throws in
            stage.ec2.put("Terminated", at: "autoscaling/target-lifecycle-state")
            try await stage.play(for: .seconds(10))
            #expect(stage.notices.first?.hasHook == false)
            #expect(stage.notices.first?.deadline.moment == Moment(sinceOrigin: .seconds(60)))
        }
    }

    private func story(
        hooks: [(String, Int)], only: String? = nil, variables: [String: String] = Stage.keys,
        _ body: @escaping @Sendable (Stage, FakeAPI) async throws -> Void
    ) async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(
                timeline, settings: AWSSettings(sources: [.scaleIn], hookName: only), variables: variables)
            let api = FakeAPI()
            api.change { $0.hooks = hooks.map { ($0.0, "EC2_INSTANCE_TERMINATING", $0.1) } }
            stage.ec2.answerAPI { api.answer($0) }
            try await body(stage, api)
        }
    }
}
