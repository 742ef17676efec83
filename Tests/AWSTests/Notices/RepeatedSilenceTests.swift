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
        #expect(lasts == (.seconds(30), nil))
        let isLeftOutAgain = silence.leavesOut(nothing, at: .seconds(32))
        #expect(!isLeftOutAgain, "the count begins again")
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
