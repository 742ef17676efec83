import Simulators
import Testing

/// The Auto Scaling API of an independent implementation, moto, and the real binary.
@Suite(.timeLimit(.minutes(10))) struct `Auto Scaling by moto` {
    @Test func `detaches an instance and keeps the capacity, and completes another one's hook`() async throws {
        let program = try await PythonProgram.run("moto_group.py", ["serve"]) { ready, program in
            let endpoint = try #require(ready["endpoint"]?.string)
            let instances = (ready["instances"]?.array ?? []).compactMap(\.string)
            try #require(instances.count == 2)

            try await play(instances[0], at: endpoint, ["--detach-asg"]) { stage, handler in
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                let line = await handler.line(containing: "machine detached from its group")
                #expect(line?.contains("story-nodes") == true)
            }
            let after = try await show(endpoint)
            #expect(after["desired"]?.integer == 2)
            let left = (after["instances"]?.array ?? []).compactMap(\.string)
            #expect(left.count == 2)  // moto launched another one at once, as AWS does
            #expect(!left.contains(instances[0]) && left.contains(instances[1]))

            try await play(instances[1], at: endpoint, []) { stage, handler in
                stage.lab.metadata.update { $0.targetLifecycleState = "Terminated" }
                let line = await handler.line(containing: "cloud told to go on")
                #expect(line?.contains("completed story-drain") == true)
                #expect(stage.podNames.isEmpty)
            }
            _ = await program.line(containing: "CompleteLifecycleAction")
            return instances[1]
        }
        let calls = program.lines.filter { $0["action"] != nil }
        #expect(calls.allSatisfy { $0["hook"]?.string == "story-drain" && $0["instance"]?.string == program.value })
        #expect(calls.first?["action"]?.string == "RecordLifecycleActionHeartbeat")
        #expect(calls.last?["action"]?.string == "CompleteLifecycleAction")
        #expect(calls.last?["result"]?.string == "CONTINUE")
        #expect(calls.count { $0["action"]?.string == "CompleteLifecycleAction" } == 1)
    }

    private func play(
        _ instance: String, at endpoint: String, _ flags: [String],
        _ story: @Sendable (Stage, RunningProgram) async throws -> Void
    ) async throws {
        try await Stage.play(changing: { $0.instance.id = instance }) { stage in
            let environment = ["AWS_ENDPOINT_URL_AUTO_SCALING": endpoint]
            try await stage.handler(Stage.quick + flags, environment) { handler in
                await stage.untilListening()
                try await story(stage, handler)
                _ = await stage.slackTexts(atLeast: 2)
            }
        }
    }

    private func show(_ endpoint: String) async throws -> KubernetesJSON {
        try await PythonProgram.run("moto_group.py", ["show", endpoint]) { ready, _ in ready }.value
    }
}
