import Simulators
import Testing

/// What a record that is found at start means, and what it does not.
@Suite(.timeLimit(.minutes(10))) struct `A record that is found` {
    private static let line = "record found on the Node"

    /// A record as the first version wrote it, of a spot notice whose drain ended so long ago, or has not ended.
    private func record(of stage: Stage, deadlineAgo: Duration, ending: String?) -> String {
        let now = stage.lab.configuration.clock.now
        let deadline = now.advanced(by: .zero - deadlineAgo)
        let since = deadline.advanced(by: .seconds(-120))
        let end = ending.map { ",\"ending\":\"\($0)\"" } ?? ""
        return """
            {"version":1,"notices":[{"id":"\(stage.noticeID("spot"))","kind":"reclaim","words":"spot terminate",\
            "strategy":"evict","deadline":"\(deadline.iso8601)","certainty":"announced",\
            "since":"\(since.iso8601)"\(end)}],"cordonedByUs":true,"bootID":"0"}
            """
    }

    @Test func `does not hide that the same machine is announced again, on a node that is in service`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(3, time: .now, template: .web())) { stage in
            stage.leaveRecord(record(of: stage, deadlineAgo: .seconds(720), ending: "empty"))
            try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                #expect(await handler.says(Self.line, stage.noticeID("spot"), "empty", within: .seconds(5)) != nil)
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                #expect(await stage.comes(within: Stage.atOnce) { $0.isCordoned && !$0.cluster.removals.isEmpty })
                #expect(await stage.comes(within: .seconds(10)) { $0.podNames.isEmpty })
            }
            #expect(stage.cluster.removals.allSatisfy { $0.grace ?? 30 == 30 })
        }
    }

    @Test func `does not hide that the notice still stands when a person has taken the node into service`() async throws
    {
        try await Stage.play(cluster: ClusterPreset.crowded(2, time: .now, template: .web())) { stage in
            try await stage.handler(Stage.quick) { handler in
                await stage.untilListening()
                stage.lab.metadata.noticeSpot(in: .seconds(120))
                #expect(await handler.says("drain ended: the node is empty") != nil)
                #expect(await stage.comes(within: .seconds(5)) { $0.record?["notices"]?.array?.isEmpty == false })
            }
            stage.personUncordons()
            stage.podArrives("later")
            try await stage.handler(Stage.quick) { handler in
                #expect(await handler.says(Self.line) != nil)
                #expect(await stage.comes(within: .seconds(15)) { $0.isCordoned && $0.podNames.isEmpty })
            }
        }
    }

    @Test(arguments: ["empty", "deadline-reached", nil])
    func `is told of at every start, with what it says and what is waited for`(ending: String?) async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(2, time: .now, template: .web())) { stage in
            stage.leaveRecord(record(of: stage, deadlineAgo: .seconds(-60), ending: ending))
            stage.personCordons()
            let since = stage.lab.configuration.clock.now.advanced(by: .seconds(-60)).iso8601.prefix(16)
            try await stage.handler(Stage.quick) { handler in
                let line = try #require(await handler.says(Self.line))
                #expect(line.contains(stage.noticeID("spot")))
                #expect(line.contains(since), "\(line)")
                if let ending { #expect(line.contains(ending), "\(line)") }
            }
        }
    }

    @Test func `is told of when it is a person's`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(1, time: .now, template: .web())) { stage in
            #expect(try await stage.drain().ending == "empty")
            try await stage.handler(Stage.quick) { handler in
                #expect(await handler.says(Self.line, "operator-request") != nil)
            }
        }
    }

    @Test func `resumes a drain whose deadline is past as one that may have half a minute`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(2, time: .now, template: .web(grace: 20))) { stage in
            stage.leaveRecord(record(of: stage, deadlineAgo: .seconds(5), ending: nil))
            stage.personCordons()
            stage.lab.metadata.noticeSpot(in: .seconds(-5))
            try await stage.handler(Stage.quick) { handler in
                #expect(await stage.comes(within: .seconds(15)) { $0.podNames.isEmpty })
            }
            let graces = stage.cluster.removals.map { $0.grace ?? 20 }
            #expect(!graces.isEmpty && graces.allSatisfy { $0 >= 15 }, "\(graces)")
        }
    }

    @Test func `of advice that is gone is undone although another source does not answer as it should`() async throws {
        try await Stage.play(cluster: ClusterPreset.crowded(1, time: .now, template: .web())) { stage in
            stage.lab.metadata.noticeRebalance()
            try await stage.handler(Stage.quick) { handler in
                #expect(await handler.says("drain ended: the node is cordoned") != nil)
                #expect(await stage.comes(within: .seconds(5)) { $0.record != nil })
            }
            stage.lab.metadata.update { $0.rebalance = nil }
            stage.lab.metadata.faults.add(.html(200), to: "/latest/meta-data/events/maintenance/*")
            try await stage.handler(Stage.quick) { handler in
                #expect(await handler.says("metadata source does not answer", "maintenance") != nil)
                #expect(await stage.comes(within: .seconds(80)) { !$0.isCordoned && $0.record == nil })
            }
        }
    }
}
