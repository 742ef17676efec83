import Simulators
import Testing

/// What is served about the daemon, by the real binary.
@Suite(.serialized) struct `The status pages` {
    @Test func `say that it is alive, and ready once it was answered`() async throws {
        try await Stage.play { stage in
            try await stage.handler { handler in
                let port = try await Stage.statusPort(of: handler)
                #expect(try await LabClient(port: port).send("GET", "/healthz").status == 200)
                #expect(try await Stage.page("/readyz", at: port, untilStatus: 200)?.text == "ready\n")
            }
        }
    }

    @Test func `do not say ready before the metadata service has answered`() async throws {
        try await Stage.play { stage in
            await stage.lab.servers[.metadata]?.goAway()
            try await stage.handler { handler in
                let port = try await Stage.statusPort(of: handler)
                _ = await handler.line(containing: "checks at start are done")
                let answer = try await LabClient(port: port).send("GET", "/readyz")
                #expect(answer.status == 503)
                #expect(answer.text.contains("metadata service has not answered yet"))
                try await stage.lab.servers[.metadata]?.comeBack()
                #expect(try await Stage.page("/readyz", at: port, untilStatus: 200) != nil)
            }
        }
    }

    @Test func `name the metadata service when it went away, and are content when it is back`() async throws {
        try await Stage.play { stage in
            try await stage.handler(["--poll-interval", "100ms"]) { handler in
                let port = try await Stage.statusPort(of: handler)
                #expect(try await Stage.page("/readyz", at: port, untilStatus: 200) != nil)
                await stage.lab.servers[.metadata]?.goAway()
                let answer = try await Stage.page("/readyz", at: port, untilStatus: 503)
                #expect(answer?.text.contains("metadata service") == true)
                #expect(try await LabClient(port: port).send("GET", "/healthz").status == 200)
                try await stage.lab.servers[.metadata]?.comeBack()
                #expect(try await Stage.page("/readyz", at: port, untilStatus: 200) != nil)
            }
        }
    }

    @Test func `name the API server while it does not answer`() async throws {
        try await Stage.play { stage in
            await stage.lab.servers[.kubernetes]?.goAway()
            try await stage.handler { handler in
                let port = try await Stage.statusPort(of: handler)
                let answer = try await Stage.page("/readyz", at: port, untilStatus: 503)
                #expect(answer?.text.contains("the API server") == true)
                try await stage.lab.servers[.kubernetes]?.comeBack()
                #expect(try await Stage.page("/readyz", at: port, untilStatus: 200) != nil)
            }
        }
    }

    @Test func `count a drain, and promtool finds nothing to complain of`() async throws {
        try await Stage.play { stage in
            try await stage.handler { handler in
                let port = try await Stage.statusPort(of: handler)
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                _ = await stage.slackTexts(atLeast: 2)
                _ = await handler.line(containing: "drain ended")
                let answer = try await LabClient(port: port).send("GET", "/metrics")
                #expect(answer.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
                let samples = answer.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
                func has(_ start: String, _ labels: String..., value: String? = nil) -> Bool {
                    samples.contains { line in
                        line.hasPrefix(start) && labels.allSatisfy { line.contains($0) }
                            && (value.map { line.hasSuffix(" \($0)") } ?? true)
                    }
                }
                #expect(has("interruption_handler_notices_total", "reclaim", value: "1"), "\(samples)")
                #expect(has("interruption_handler_pods_total", "evicted", value: "3"))
                #expect(has("interruption_handler_notifications_total", "slack", "sent"))
                #expect(samples.contains { $0.contains("_bucket{") && $0.contains("le=\"+Inf\"") })
                try await Promtool.check(answer.text, in: stage)
            }
        }
    }

    @Test func `stay silent in the log on a quiet day`() async throws {
        try await Stage.play { stage in
            try await stage.handler(["--poll-interval", "100ms"]) { handler in
                _ = await handler.line(containing: "checks at start are done")
                _ = await handler.line(containing: "status pages are served")
                await stage.untilListening()
                // A service that is late on a busy machine is worth its lines; what we say of ourselves is the point here.
                func own() -> [String] { handler.lines.filter { !$0.contains("metadata source") } }
                let before = own()
                let polls = stage.lab.metadata.log.count
                _ = await stage.lab.metadata.log.entries(atLeast: polls + 60)
                #expect(own() == before)
                #expect(before.filter { $0.contains("interruption-handler starts") }.count == 1)
                #expect(before.count == 3, "\(before)")
            }
        }
    }
}

/// Prometheus' own check of an exposition.
private enum Promtool {
    /// Records what promtool complains of; says so when there is none on this machine.
    static func check(_ text: String, in stage: Stage) async throws {
        try stage.write(text, to: "metrics")
        let script = "command -v promtool >/dev/null || exit 99; exec promtool check metrics < \(stage.folder)/metrics"
        let outcome = try await RunningProgram.run(
            "/bin/sh", ["-c", script], environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"]
        ) { await $0.untilEnded() }
        if outcome.end == .exited(99) {
            print("promtool is not installed (Debian: prometheus): the metrics were not checked by it")
            return
        }
        #expect(outcome.end == .exited(0) && outcome.lines.isEmpty, "\(outcome.lines)")
    }
}
