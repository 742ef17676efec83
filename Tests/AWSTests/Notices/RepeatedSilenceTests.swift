import Interruption
import TestSupport
import Testing
import Transport

@testable import AWS

struct RepeatedSilenceTests {
    private let nothing = Result<[UInt8]?, MetadataError>.success(nil)

    @Test func `the first silent answers are told, later ones are left out`() {
        var silence = RepeatedSilence()
        let told = (1...20).filter { !silence.leavesOut(nothing, at: .seconds(Double($0))) }
        #expect(told == Array(1...RepeatedSilence.told))
    }

    @Test(arguments: [Result<[UInt8]?, MetadataError>.success([1]), .success([]), .failure(.timedOut)])
    func `whatever else comes is told, with the last silence before it`(answer: Result<[UInt8]?, MetadataError>) {
        var silence = RepeatedSilence()
        for second in 1...30 { _ = silence.leavesOut(nothing, at: .seconds(Double(second))) }
        let isLeftOut = silence.leavesOut(answer, at: .seconds(31))
        #expect(!isLeftOut)
        let lasts = (silence.takeLast(), silence.takeLast())
        #expect(lasts == (.init(moment: .seconds(30), value: nil), nil))
        let isLeftOutAgain = silence.leavesOut(nothing, at: .seconds(32))
        #expect(!isLeftOutAgain, "the count begins again")
    }

    @Test func `a value that announces nothing is silence, as long as it is the same`() {
        let stays = Result<[UInt8]?, MetadataError>.success(Array("InService".utf8))
        var silence = RepeatedSilence { $0 == Array("InService".utf8) }
        for second in 1...20 { _ = silence.leavesOut(nothing, at: .seconds(Double(second))) }
        let told = (21...40).filter { !silence.leavesOut(stays, at: .seconds(Double($0))) }
        #expect(told == Array(21..<21 + RepeatedSilence.told), "another nothing is told")
        #expect(silence.value == Array("InService".utf8))
        let last = silence.takeLast()
        #expect(last == .init(moment: .seconds(40), value: Array("InService".utf8)))
        let isLeftOut = silence.leavesOut(.success(Array("Terminated".utf8)), at: .seconds(41))
        #expect(!isLeftOut && !silence.isLong)
    }

    @Test(arguments: [
        ("autoscaling/target-lifecycle-state", "InService", "Terminated"),
        (
            "events/maintenance/scheduled", "[]",
            #"[{"Code":"instance-stop","EventId":"e","NotBefore":"1 Jan 2026 00:10:00 GMT"}]"#
        ),
    ])
    func `a path that goes on saying nothing wakes its reader once a minute, and what comes then is seen in time`(
        path: String, nothing: String, announcement: String
    ) async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline)
            stage.ec2.put(nothing, at: path)
            try await stage.play(for: .seconds(171)) {
                try await timeline.sleep(until: .seconds(151))
                stage.ec2.put(announcement, at: path)
            }
            let moments = stage.ec2.exchanges(to: path).map(\.moment)
            #expect(moments == (0...34).map { Moment.seconds(5 * Double($0)) })
            // Eight that are told, then twelve exchanges a call.
            let calls = stage.ec2.calls(to: path).prefix(10).map(\.moment)
            #expect(calls == [0, 5, 10, 15, 20, 25, 30, 35, 40, 100].map { Moment.seconds($0) })
            #expect(stage.firstNotice()?.moment == .seconds(155))
            #expect(stage.health.count == 4, "every source is healthy, once")
            let answers = stage.remarks.filter { $0 == .metadataRead(path: path, .found) }
            #expect(answers.count == moments.count)
        }
    }

    @Test(arguments: ["Terminated", "Warmed:Stopped", "Elsewhere", "<html/>", ""])
    func `a state that is more than nothing is never left to the transport`(state: String) async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline)
            let path = "autoscaling/target-lifecycle-state"
            stage.ec2.put(state, at: path)
            try await stage.play(for: .seconds(100.5))
            #expect(stage.ec2.calls(to: path).count == 21)
        }
    }

    @Test func `the silence just before an announcement without a time is not forgotten`() async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline)
            try await stage.play(for: .seconds(105)) {
                try await timeline.sleep(until: .seconds(100.5))
                stage.ec2.put("{}", at: "spot/instance-action")
            }
            let deadline = try #require(stage.notices.first?.deadline)
            // Two minutes from the last answer without it.
            #expect(deadline.certainty == .assumed)
            #expect(deadline.moment == .seconds(220))
        }
    }

    @Test func `a quiet path is read at every interval all the same`() async throws {
        try await VirtualTime.run { timeline async throws in
            let stage = Stage(timeline)
            try await stage.play(for: .seconds(150.5))
            let moments = stage.ec2.exchanges(to: "spot/instance-action").map(\.moment)
            #expect(moments == (0...150).map { Moment.seconds(Double($0)) })
        }
    }
}
