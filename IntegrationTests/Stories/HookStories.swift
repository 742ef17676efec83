import Simulators
import Testing

/// Termination hooks that are late, other people's, or not to be learnt of, by the real binary.
@Suite(.timeLimit(.minutes(10))) struct `A termination hook` {
    @Test func `that does not wait yet is waited for, then held and completed`() async throws {
        try await Stage.play(
            cluster: ClusterPreset.crowded(2, time: .now, template: .web(stop: .after(.seconds(20)))),
            changing: { configuration in
                configuration.groups[0].deregistration = .seconds(12)
                configuration.groups[0].hooks[0].heartbeatTimeout = .seconds(30)
            }
        ) { stage in
            try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                stage.lab.scaleIn()
                let line = await handler.line(containing: "cloud told to go on")
                #expect(line?.contains("completed lab-drain") == true)
            }
            let ended = stage.instance?.ended.first
            #expect(ended?.result == "CONTINUE" && ended?.timedOut == false)
            #expect((ended?.heartbeats ?? 0) >= 1)
        }
    }

    @Test func `that does not wait yet when the node is empty is completed as soon as it does`() async throws {
        try await Stage.play(
            cluster: ClusterPreset.crowded(2, time: .now, template: .web()),
            changing: { $0.groups[0].deregistration = .seconds(12) }
        ) { stage in
            try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                stage.lab.scaleIn()
                _ = await handler.line(containing: "cloud told to go on")
            }
            #expect(stage.instance?.lifecycleState == "Terminating:Proceed")
            #expect(stage.instance?.ended.first?.result == "CONTINUE")
        }
    }

    @Test func `of somebody else is left alone, where ours has a name`() async throws {
        try await Stage.play(changing: Self.addingStrangers) { stage in
            // Nobody may describe hooks, and nobody has to.
            stage.lab.aws.faults.add(Self.denied("DescribeLifecycleHooks"))
            try await stage.handler(Stage.quick + ["--hook-name", "lab-drain"]) { handler in
                await stage.untilListening()
                stage.lab.scaleIn()
                let line = await handler.line(containing: "cloud told to go on")
                #expect(line?.contains("completed lab-drain") == true)
            }
            #expect(stage.namedHooks == ["lab-drain"])
            #expect(stage.instance?.waiting.map(\.hookName) == ["a-stranger"])
        }
    }

    @Test func `is not guessed among several, and the log says how to name it`() async throws {
        try await Stage.play(changing: Self.addingStrangers) { stage in
            try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                stage.lab.scaleIn()
                let line = await handler.line(containing: "--hook-name")
                #expect(line?.contains("a-stranger") == true && line?.contains("lab-drain") == true, "\(line ?? "")")
                _ = await stage.slackTexts(atLeast: 2)
            }
            #expect(stage.namedHooks.isEmpty)
            #expect(stage.instance?.waiting.count == 2)
        }
    }

    @Test func `is neither held nor completed where that is switched off`() async throws {
        try await Stage.play { stage in
            try await stage.handler(Stage.quick + ["--no-complete-hooks"]) { handler in
                await stage.untilListening()
                stage.lab.scaleIn()
                _ = await stage.slackTexts(atLeast: 2)
                await stage.untilAsked(30)
            }
            #expect(stage.podNames.isEmpty)
            #expect(stage.namedHooks.isEmpty)
        }
    }

    @Test func `that is refused keeps no other from being completed`() async throws {
        try await Stage.play(changing: Self.addingStrangers) { stage in
            let flags =
                Stage.quick + ["--hook-name", "gone-long-ago", "--hook-name", "a-stranger", "--hook-name", "lab-drain"]
            stage.lab.aws.faults.add(
                FaultRule(
                    .queryError(status: 403, code: "AccessDenied", message: "no"), action: "CompleteLifecycleAction",
                    times: 1))
            try await stage.handler(flags) { handler in
                await stage.untilListening()
                stage.lab.scaleIn()
                let line = await handler.line(containing: "cloud not told to go on")
                #expect(line?.contains("AccessDenied") == true)
            }
            let completed = stage.lab.aws.calls.filter { $0.action == "CompleteLifecycleAction" }
            #expect(Set(completed.compactMap { $0["LifecycleHookName"] }).count == 3)
            #expect(completed.contains { $0.status == 200 })
        }
    }

    @Test(arguments: HookSilence.all)
    func `whose timeout is not known overrules no budget`(silence: HookSilence) async throws {
        let cluster = ClusterPreset.crowded(1, time: .now, template: .web(grace: 50))
        cluster.addBudget("web", in: "default", over: ["app": "web"], minAvailable: 1)
        try await Stage.play(cluster: cluster) { stage in
            silence.begin(stage)
            try await stage.handler(Stage.quick + silence.flags) { handler in
                await stage.untilListening()
                stage.lab.scaleIn()
                _ = await handler.line(containing: "budget refuses")
                // Its own time under a deadline of 60 s would come after 5 s.
                await stage.untilAsked(110)
            }
            #expect(stage.cluster.count("delete", "pods") == 0)
            #expect(stage.podNames.count == 1)
        }
    }

    @Test func `is completed when its volumes are off the node`() async throws {
        var template = PodTemplate.web()
        template.claim = "data"
        try await Stage.play(cluster: ClusterPreset.crowded(2, time: .now, template: template)) { stage in
            stage.attach(volumes: 2)
            try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                stage.lab.scaleIn()
                let report = await handler.line(containing: "drain ended: the node is empty")
                #expect(report?.contains(#""volumes.attached":2"#) == true, "\(report ?? "")")
                await stage.untilAsked(30)
                #expect(!stage.lab.aws.calls.contains { $0.action == "CompleteLifecycleAction" })
                stage.attach(volumes: 0)
                _ = await handler.line(containing: "cloud told to go on")
            }
            #expect(stage.instance?.ended.first?.result == "CONTINUE")
        }
    }

    @Test func `is completed after a while though a volume stays`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(1, time: .now, template: .web())) { stage in
            stage.attach(volumes: 1)
            try await stage.handler(Stage.quick + ["--volume-wait", "2s"]) { handler in
                await stage.untilListening()
                stage.lab.scaleIn()
                let line = await handler.line(containing: "volumes are still attached")
                #expect(line != nil)
                _ = await handler.line(containing: "cloud told to go on")
            }
        }
    }

    /// A hook that belongs to somebody else, before ours.
    private static func addingStrangers(_ configuration: inout LabConfiguration) {
        configuration.groups[0].hooks.insert(LifecycleHook(name: "a-stranger"), at: 0)
    }

    private static func denied(_ action: String) -> FaultRule {
        FaultRule(.queryError(status: 403, code: "AccessDenied", message: "not allowed"), action: action)
    }
}

/// One way in which a hook's timeout does not come to be known.
struct HookSilence: Sendable, CustomTestStringConvertible {
    /// What goes wrong.
    let testDescription: String
    /// Flags with which it goes wrong.
    var flags: [String] = []
    /// Makes it go wrong.
    let begin: @Sendable (Stage) -> Void

    /// What was seen to happen.
    static let all = [
        HookSilence(testDescription: "slow answers") { stage in
            for action in ["DescribeAutoScalingInstances", "DescribeLifecycleHooks"] {
                stage.lab.aws.faults.add(FaultRule(.late(by: .seconds(4)), action: action))
            }
        },
        HookSilence(testDescription: "throttled") { stage in
            stage.lab.aws.faults.add(
                FaultRule(
                    .queryError(status: 400, code: "Throttling", message: "Rate exceeded"),
                    action: "DescribeAutoScalingInstances", times: 6))
        },
        HookSilence(testDescription: "no permission") { stage in
            stage.lab.aws.faults.add(.queryError(status: 403, code: "AccessDenied", message: "not allowed"))
        },
        HookSilence(testDescription: "no credentials") { stage in
            stage.lab.metadata.update { $0.role = .none }
        },
        HookSilence(testDescription: "completing is switched off", flags: ["--no-complete-hooks"]) { stage in
            stage.lab.aws.faults.add(.queryError(status: 403, code: "AccessDenied", message: "not allowed"))
        },
    ]
}

extension Stage {
    /// The stage's instance as its group sees it.
    var instance: GroupInstance? { lab.aws.autoScaling.instance(lab.configuration.instance.id)?.instance }

    /// The hooks that were named in requests which change something.
    var namedHooks: Set<String> {
        Set(
            lab.aws.calls.filter { ["CompleteLifecycleAction", "RecordLifecycleActionHeartbeat"].contains($0.action) }
                .compactMap { $0["LifecycleHookName"] })
    }

    /// From now on that many volumes are attached to the node.
    func attach(volumes count: Int) {
        let volumes = (0..<count).map { index -> KubernetesJSON in
            ["name": .string("kubernetes.io/csi/ebs.csi.aws.com^vol-\(index)"), "devicePath": ""]
        }
        cluster.change(.nodes, Stage.node) { node in
            node.update("status") { $0["volumesAttached"] = volumes.isEmpty ? nil : .array(volumes) }
        }
    }
}
