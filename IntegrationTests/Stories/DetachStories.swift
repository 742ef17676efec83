import Simulators
import Testing

/// Whom `--detach-asg` takes out of the group, by the real binary.
@Suite(.timeLimit(.minutes(10))) struct `Detaching from the group` {
    @Test(arguments: ["system-reboot", "instance-stop"])
    func `is not for a machine that comes back`(code: String) async throws {
        try await Stage.play { stage in
            try await stage.handler(Stage.quick + ["--detach-asg"]) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeMaintenance(code, in: .seconds(600))
                _ = await stage.slackTexts(atLeast: 2)
                let line = await handler.line(containing: "stays in its group")
                #expect(line != nil)
            }
            #expect(!stage.lab.aws.calls.contains { $0.action == "DetachInstances" })
        }
    }

    @Test func `is not for advice, unless that is named`() async throws {
        for (flags, count) in [([], 0), (["--detach-for", "rebalance"], 1)] {
            try await Stage.play { stage in
                let all = Stage.quick + ["--detach-asg", "--strategy-for", "rebalance=evict"] + flags
                try await stage.handler(all) { handler in
                    await stage.untilListening()
                    stage.lab.metadata.noticeRebalance()
                    _ = await handler.line {
                        $0.contains("stays in its group") || $0.contains("machine detached from its group")
                    }
                }
                #expect(stage.lab.aws.calls.count { $0.action == "DetachInstances" } == count)
            }
        }
    }

    @Test func `is for a machine that is retired`() async throws {
        try await Stage.play { stage in
            try await stage.handler(Stage.quick + ["--detach-asg"]) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeMaintenance("instance-retirement", in: .seconds(600))
                _ = await handler.line(containing: "machine detached from its group")
            }
            #expect(stage.lab.aws.calls.contains { $0.action == "DetachInstances" })
        }
    }

    @Test(arguments: ["placement/region", "instance-id"])
    func `waits for a fact that cannot be read yet`(fact: String) async throws {
        try await Stage.play { stage in
            stage.lab.metadata.faults.add(.status(503), to: "/latest/meta-data/\(fact)")
            try await stage.handler(Stage.quick + ["--detach-asg"], without: ["AWS_REGION"]) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await stage.slackTexts(atLeast: 2)
                stage.lab.metadata.faults.clear()
                let line = await handler.line(containing: "from its group")
                #expect(line?.contains("machine detached from its group") == true, "\(line ?? "")")
            }
        }
    }
}
