import FoundationEssentials
import Simulators
import Testing

/// The doctor, by the real binary: each thing broken in turn, and the line names the cause.
@Suite(.serialized) struct `A check` {
    @Test func `finds nothing wrong where nothing is`() async throws {
        try await Stage.play { stage in
            let outcome = try await stage.command(["check", "--detach-asg"])
            #expect(outcome.end == .exited(0), "\(outcome.lines)")
            let text = outcome.lines.joined(separator: "\n")
            #expect(!outcome.lines.contains { $0.hasPrefix("FAIL") || $0.hasPrefix("warn") }, "\(text)")
            for words in [
                "IMDSv2 answers", "i-0bb697ef2705e5b30", "spot", "from the instance profile",
                "in group lab-nodes, InService",
                "lab-drain (300 s)", "v1.36.2", "agrees with the API server's", "all 9 that these settings need",
                "node-a is schedulable and Ready", "slack to 127.0.0.1",
            ] { #expect(text.contains(words), "\(words) is missing in \(text)") }
            #expect(!text.contains("XXXX"))
            #expect(stage.cluster.count("create", "selfsubjectaccessreviews") == 11)
            #expect(stage.cluster.count("patch", "nodes") == 0)
            #expect(stage.lab.webhooks.log.count == 0)
            // Where IMDSv2 serves, nothing is asked without a token.
            #expect(
                stage.lab.metadata.log.entries.allSatisfy {
                    $0.request.method == "PUT" || $0.request.header("x-aws-ec2-metadata-token") != nil
                })
        }
    }

    @Test func `tells scripts the same`() async throws {
        try await Stage.play { stage in
            stage.cluster.deny(AccessRule(["create"], ["pods/eviction"]))
            let outcome = try await stage.command(["check", "--output", "json"])
            #expect(outcome.end == .exited(1))
            let answer = try KubernetesJSON(parsing: outcome.lines.joined(separator: "\n"))
            #expect(answer["verdict"]?.string == "fail")
            let failures = answer["diagnoses"]?.array?.filter { $0["verdict"]?.string == "fail" } ?? []
            #expect(failures.map { $0["subject"]?.string } == ["permissions"])
            #expect(failures.first?["advice"]?.string?.contains("pods/eviction") == true)
        }
    }

    @Test(arguments: Trouble.all)
    func `names the cause of`(trouble: Trouble) async throws {
        try await Stage.play(changing: trouble.setting) { stage in
            try await trouble.breaking(stage)
            var variables = trouble.variables
            for (name, value) in variables { variables[name] = value.replacing("FOLDER", with: stage.folder) }
            let outcome = try await stage.command(["check"] + trouble.arguments, variables)
            let text = outcome.lines.joined(separator: "\n")
            #expect(outcome.end == .exited(trouble.status), "\(text)")
            let line = outcome.lines.first { line in trouble.words.allSatisfy { line.contains($0) } }
            #expect(line != nil, "no line says \(trouble.words):\n\(text)")
            if let advice = trouble.advice { #expect(text.contains("→ ") && text.contains(advice), "\(text)") }
        }
    }

    @Test func `prints the permissions of the settings without asking anybody`() async throws {
        let outcome = try await RunningProgram.run(
            Stage.executable, ["check", "--print-permissions", "--strategy", "cordon-only", "--node-conditions"],
            environment: ["NODE_NAME": "n", "HOME": "/nonexistent"]
        ) { await $0.untilEnded() }
        #expect(outcome.end == .exited(0))
        #expect(outcome.lines == ["get nodes", "patch nodes", "watch nodes", "patch nodes/status", "create events"])
    }

    @Test func `at the daemon's start warns once of each thing, and ends`() async throws {
        try await Stage.play { stage in
            stage.cluster.deny(AccessRule(["delete"], ["pods"]))
            stage.cluster.configure { $0.dateOffset = .seconds(90) }
            let outcome = try await stage.handler { handler in
                _ = await handler.line(containing: "checks at start are done")
                await stage.untilListening()
                handler.send(.terminate)
                await handler.untilEnded()
            }
            let warnings = outcome.lines.filter { $0.contains("on the day") || $0.contains("before the day") }
            #expect(warnings.count { $0.contains("delete pods is not granted") } == 1, "\(outcome.lines)")
            #expect(warnings.count { $0.contains("behind the API server's") } == 1)
        }
    }
}
