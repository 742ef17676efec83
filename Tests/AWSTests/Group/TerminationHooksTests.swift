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
                api.change {
                    $0.isWaiting = false
                    $0.lifecycleState = "Terminating:Proceed"
                }
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

    @Test func `the hooks that are named are ours, and they need not be described`() async throws {
        try await story(hooks: [("first", 300), ("second", 60)], names: ["second"]) { stage, api async throws in
            _ = await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 60))
            #expect(api.now.completed == ["second"])
            #expect(!stage.actions.contains("DescribeLifecycleHooks"))
        }
    }

    @Test func `without a name the only termination hook is ours`() async throws {
        try await story(hooks: [("drain", 300)]) { stage, api async throws in
            api.change { $0.hooks.append(("launch", "EC2_INSTANCE_LAUNCHING", 10)) }
            _ = await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 60))
            #expect(api.now.completed == ["drain"])
        }
    }

    @Test func `among several without a name, none is held or completed`() async throws {
        try await story(hooks: [("first", 300), ("second", 60)]) { stage, api async throws in
            await stage.provider.hook?.hold(for: stage.notice, until: stage.deadline(in: 600))
            let outcome = await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 60))
            guard case .notNeeded(let words)? = outcome else {
                Issue.record("\(String(describing: outcome))")
                return
            }
            #expect(words.contains("first, second") && words.contains("--hook-name"))
            #expect(api.now.completed.isEmpty && api.now.heartbeats.isEmpty)
        }
    }

    @Test func `a hook that is refused keeps no other from being completed, and both are told`() async throws {
        try await story(hooks: [("first", 300), ("second", 60)], names: ["first", "second"]) {
            stage, api async throws in
            stage.ec2.fail { exchange in
                exchange.body.contains("Complete") && exchange.body.contains("first")
                    ? .answer(FakeAPI.error(403, "AccessDenied", "no")) : nil
            }
            let outcome = await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 60))
            #expect(outcome == .failed("first: AccessDenied: no (completed second)"))
            #expect(api.now.completed == ["second"])
        }
    }

    @Test func `a hook that does not wait yet is looked at again, held as soon as it waits, and completed`()
        async throws
    {
        try await story(hooks: [("drain", 300)]) { stage, api async throws in
            api.change {
                $0.isWaiting = false
                $0.lifecycleState = "Terminating"
            }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await stage.provider.hook?.hold(for: stage.notice, until: stage.deadline(in: 3600)) }
                try? await stage.timeline.sleep(for: .seconds(200))
                #expect(api.now.heartbeats.isEmpty)
                api.change {
                    $0.isWaiting = true
                    $0.lifecycleState = "Terminating:Wait"
                }
                try? await stage.timeline.sleep(for: .seconds(20))
                group.cancelAll()
            }
            #expect(try #require(api.now.heartbeats.first) <= .seconds(211))
        }
    }

    @Test func `completing waits for a hook that does not wait yet`() async throws {
        try await story(hooks: [("drain", 300)]) { stage, api async throws in
            api.change {
                $0.isWaiting = false
                $0.lifecycleState = "Terminating"
            }
            let outcome = await withTaskGroup(of: CloudOutcome?.self) { group in
                group.addTask {
                    await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 60))
                }
                try? await stage.timeline.sleep(for: .seconds(400))
                api.change { $0.isWaiting = true }
                return await group.next() ?? nil
            }
            #expect(outcome == .done("completed drain"))
            #expect(stage.timeline.now <= .seconds(411))
            #expect(stage.actions.count < 100)
        }
    }

    @Test func `who has no permission, and named no hook, fails at nothing`() async throws {
        try await story(hooks: [("drain", 300)]) { stage, api async throws in
            stage.ec2.answerAPI { _ in FakeAPI.error(403, "AccessDenied", "not authorized") }
            let outcome = await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 60))
            guard case .notNeeded? = outcome else {
                Issue.record("\(String(describing: outcome))")
                return
            }
        }
        try await story(hooks: [("drain", 300)], names: ["drain"]) { stage, api async throws in
            stage.ec2.answerAPI { _ in FakeAPI.error(403, "AccessDenied", "not authorized") }
            let outcome = await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 60))
            #expect(outcome == .failed("AccessDenied: not authorized"))
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
            api.change {
                $0.isWaiting = false
                $0.lifecycleState = "Terminating:Proceed"
            }
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

    @Test func `a scale-in is told at once, and its hook's timeout as soon as it is known`() async throws {
        try await story(hooks: [("drain", 900)]) { stage, api async throws in
            stage.ec2.put("Terminated", at: "autoscaling/target-lifecycle-state")
            try await stage.play(for: .seconds(60))
            #expect(stage.notices.map(\.deadline.certainty) == [.open, .announced])
            #expect(stage.notices.allSatisfy { $0.hasHook })
            #expect(Set(stage.notices.map(\.id)).count == 1)
            #expect(stage.notices.last?.deadline.moment == Moment(sinceOrigin: .seconds(900)))
            #expect(stage.actions == ["DescribeAutoScalingInstances", "DescribeLifecycleHooks"])
        }
    }

    @Test func `several hooks that are nobody's in particular give the shortest time, and are told`() async throws {
        try await story(hooks: [("drain", 900), ("other", 300)]) { stage, api async throws in
            stage.ec2.put("Terminated", at: "autoscaling/target-lifecycle-state")
            try await stage.play(for: .seconds(60))
            #expect(stage.notices.last?.deadline.moment == Moment(sinceOrigin: .seconds(300)))
            #expect(stage.notices.last?.hasHook == false)
            #expect(stage.remarks.contains(.hooksNotOurs(group: "nodes", names: ["drain", "other"])))
        }
    }

    @Test(arguments: [FakeEC2.Fault.hang, .status(503)])
    func `an API that does not answer delays no scale-in, and is asked until it does`(fault: FakeEC2.Fault) async throws
    {
        try await story(hooks: [("drain", 900)]) { stage, api async throws in
            stage.ec2.put("Terminated", at: "autoscaling/target-lifecycle-state")
            stage.ec2.fail { $0.method == .post && $0.moment < .seconds(100) ? fault : nil }
            try await stage.play(for: .seconds(120))
            #expect(try #require(stage.firstNotice()?.moment) <= .seconds(0.5))
            #expect(stage.notices.map(\.deadline.certainty) == [.open, .announced])
            #expect(stage.notices.last?.deadline.moment == Moment(sinceOrigin: .seconds(900)))
        }
    }

    @Test func `without credentials the deadline stays open, and that is told once`() async throws {
        try await story(hooks: [("drain", 900)], variables: ["AWS_REGION": "eu-west-1"]) { stage, api async throws in
            stage.ec2.put("Terminated", at: "autoscaling/target-lifecycle-state")
            try await stage.play(for: .seconds(60))
            #expect(stage.notices.map(\.deadline.certainty) == [.open])
            let told = stage.remarks.filter { if case .hooksUnknown = $0 { true } else { false } }
            #expect(told.count == 1)
        }
    }

    @Test func `a group without hooks leaves about a minute`() async throws {
        try await story(hooks: []) { stage, api async throws in
            stage.ec2.put("Terminated", at: "autoscaling/target-lifecycle-state")
            try await stage.play(for: .seconds(10))
            #expect(stage.notices.last?.hasHook == false)
            #expect(stage.notices.last?.deadline.certainty == .assumed)
            #expect(stage.notices.last?.deadline.moment == Moment(sinceOrigin: .seconds(60)))
        }
    }

    @Test(arguments: ["instance-id", "placement/region"])
    func `a fact that cannot be read yet is asked for until the deadline`(fact: String) async throws {
        try await story(hooks: [("drain", 300)], variables: Stage.keys.filter { $0.key != "AWS_REGION" }) {
            stage, api async throws in
            stage.ec2.fail { $0.path == fact && $0.moment < .seconds(20) ? .status(503) : nil }
            let outcome = await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 60))
            #expect(outcome == .done("completed drain"))
        }
    }

    @Test func `a fact that there is not is final`() async throws {
        try await story(hooks: [("drain", 300)]) { stage, api async throws in
            stage.ec2.put(nil, at: "instance-id")
            let outcome = await stage.provider.hook?.complete(for: stage.notice, until: stage.deadline(in: 60))
            #expect(outcome == .failed("the metadata service knows no instance id"))
            #expect(stage.timeline.now <= .seconds(1))
        }
    }

    private func story(
        hooks: [(String, Int)], names: [String] = [], variables: [String: String] = Stage.keys,
        _ body: @escaping @Sendable (Stage, FakeAPI) async throws -> Void
    ) async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(
                timeline, settings: AWSSettings(sources: [.scaleIn], hookNames: names), variables: variables)
            let api = FakeAPI()
            api.change { $0.hooks = hooks.map { ($0.0, "EC2_INSTANCE_TERMINATING", $0.1) } }
            stage.ec2.answerAPI { api.answer($0) }
            try await body(stage, api)
        }
    }
}
