import Simulators
import Testing

/// What becomes of a drain while a name resolves late, or not at all, by the real binary.
@Suite(.timeLimit(.minutes(10))) struct `A name that does not resolve` {
    @Test func `of the Auto Scaling API costs the cordon nothing`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(12, time: .now, template: .web())) { stage in
            let names = try await SimulatedNames(for: stage)
            try names.lose(.aws)
            let variables = names.environment([.aws], on: stage)
            let outcome = try await stage.handler(Stage.quick + ["--detach-asg", "--log-level", "debug"], variables) {
                handler in
                await stage.untilListening()
                _ = await handler.line(containing: "checks at start are done")
                for round in 1...3 {
                    stage.lab.scaleIn()
                    _ = await stage.slackTexts(atLeast: 3 * round - 1)
                    stage.lab.withdrawScaleIn()
                    _ = await stage.slackTexts(atLeast: 3 * round)
                    await stage.until { !$0.isCordoned }
                }
                let port = try await Stage.statusPort(of: handler)
                let metrics = try await Stage.page("/metrics", at: port, untilStatus: 200)?.text ?? ""
                // A watch that we end has no answer either.
                let unanswered = metrics.split(separator: "\n").filter {
                    $0.contains(#"code="none""#) && !$0.contains(#"verb="watch""#)
                }
                #expect(unanswered.isEmpty, "\(unanswered)")
            }
            let log = HandlerLog(lines: outcome.lines)
            #expect(log.lines(with: "node cordoned").count >= 3)
            #expect(log.lines(with: "request is made again").isEmpty, "\(log.lines(with: "request is made again"))")
        }
    }

    @Test(arguments: [false, true])
    func `late, of the Auto Scaling API, delays nothing`(hasAddress: Bool) async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(3, time: .now, template: .web())) { stage in
            let names = try await SimulatedNames(for: stage)
            if hasAddress {
                try names.resolve(.aws, after: .seconds(4))
            } else {
                try names.lose(.aws, after: .seconds(4))
            }
            let variables = names.environment([.aws], on: stage)
            try await stage.handler(Stage.quick + ["--detach-asg"], variables) { handler in
                await stage.untilListening()
                stage.lab.scaleIn()
                let line = try #require(await handler.line(containing: "node cordoned"))
                let seconds = try KubernetesJSON(parsing: line)["seconds.to_cordon"]?.text
                #expect(seconds.flatMap { Double($0) } ?? 9 < 1, "\(line)")
                _ = await stage.slackTexts(atLeast: 2)
                #expect(stage.podNames.isEmpty)
            }
        }
    }

    @Test func `of the API server is asked for again until it does, and the log says why`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(6, time: .now, template: .web())) { stage in
            let names = try await SimulatedNames(for: stage)
            try names.nameAPIServer(on: stage)
            // From the start: what was resolved once is remembered for a minute.
            try names.lose(.kubernetes)
            let variables = names.environment([.kubernetes], on: stage)
            try await stage.handler(Stage.quick + ["--log-level", "debug"], variables) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                let again = await handler.line {
                    $0.contains("request is made again") && $0.contains("has no address")
                }
                #expect(again != nil)
                try names.resolve(.kubernetes)
                let ended = await handler.line(containing: "drain ended: the node is empty")
                #expect(ended != nil)
            }
            #expect(stage.podNames.isEmpty)
        }
    }

    @Test func `of a channel costs the message and nothing else`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(6, time: .now, template: .web())) { stage in
            let names = try await SimulatedNames(for: stage)
            try names.lose(.webhooks, after: .seconds(1))
            let variables = names.environment([.webhooks], on: stage)
            let outcome = try await stage.handler(Stage.quick + ["--log-level", "debug"], variables) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await handler.line {
                    $0.contains("not delivered") && $0.contains("slack") && $0.contains("outcome")
                }
            }
            let log = HandlerLog(lines: outcome.lines)
            #expect(log.lines(with: "drain ended: the node is empty").count == 1)
            #expect(log.lines(with: "request is made again").isEmpty)
            let lost = log.lines(with: "not delivered")
            #expect(lost.contains { $0.contains("has no address") }, "\(lost)")
        }
    }
}
