import FoundationEssentials
import Simulators
import Testing

/// A drain as a timeline.
@Suite(.timeLimit(.minutes(10))) struct `A picture` {
    private func text(_ file: String) -> String {
        (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""  // what cannot be read is no picture
    }

    private func crowdWithBudget() -> KubernetesCluster {
        let cluster = ClusterPreset.crowded(2, time: .now, template: .web(grace: 2))
        cluster.addPod("strict", on: Stage.node, .web(grace: 2, labels: ["app": "strict"]))
        cluster.addBudget("strict", over: ["app": "strict"], maxUnavailable: 0)
        return cluster
    }

    @Test func `is drawn of a person's drain`() async throws {
        try await Stage.play(cluster: crowdWithBudget()) { stage in
            let file = stage.folder + "/drain.svg"
            let result = try await stage.drain(["--margin", "1s", "--picture", file], within: "6s")
            #expect(result.end == .exited(0))
            let svg = text(file)
            #expect(svg.contains("default/web-0") && svg.contains("budget strict"))
            #expect(svg.contains(">cordon ") && svg.contains(">deadline "))
        }
    }

    @Test func `is drawn of the daemon's own log`() async throws {
        try await Stage.play(cluster: crowdWithBudget()) { stage in
            let (_, lines) = try await stage.handler(Stage.quick + ["--margin", "1s"]) { _ in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(6))
                _ = await stage.slackTexts(atLeast: 2)
            }
            let (log, file) = (stage.folder + "/log", stage.folder + "/drain.svg")
            try lines.joined(separator: "\n").write(toFile: log, atomically: true, encoding: .utf8)
            let (end, words) = try await stage.command(["picture", log, file])
            #expect(end == .exited(0), "\(words)")
            let svg = text(file)
            #expect(svg.contains("strategy evict") && svg.contains("3 of 3 pods out"))
            #expect(svg.contains("deleted, overruled: budget strict"))
        }
    }

    @Test func `of a log without a drain cannot be drawn, and that is told`() async throws {
        try await Stage.play { stage in
            let (end, lines) = try await stage.command(["picture", stage.kubeconfig, stage.folder + "/drain.svg"])
            #expect(end == .exited(1))
            #expect(lines.contains { $0.hasSuffix("holds no drain") })
        }
    }
}
