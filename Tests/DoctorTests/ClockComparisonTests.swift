import Interruption
import Testing

@testable import Doctor

/// This machine's clock beside the API server's.
@Suite struct `Comparing clocks` {
    private static let date = "Sat, 21 Nov 2026 12:00:00 GMT"

    @Test(arguments: [
        ("2026-11-21T12:00:00Z", Diagnosis.Verdict.ok, "agrees"), ("2026-11-21T12:00:05Z", .ok, "agrees"),
        ("2026-11-21T11:59:55Z", .ok, "agrees"), ("2026-11-21T12:00:06Z", .warn, "6 s ahead of"),
        ("2026-11-21T11:59:54Z", .warn, "6 s behind"), ("2026-11-20T12:00:00Z", .warn, "86400 s behind"),
    ])
    func `warns when they are more than five seconds apart`(
        ours: String, verdict: Diagnosis.Verdict, words: String
    ) throws {
        let time = try #require(WallTime(rfc3339: ours))
        let diagnosis = ClockComparison(ours: time, date: `Comparing clocks`.date).diagnosis
        #expect(diagnosis.verdict == verdict)
        #expect(diagnosis.words.contains(words))
        #expect((diagnosis.advice == nil) == (verdict == .ok))
    }

    @Test(arguments: [nil, "", "yesterday", "Sat, 21 Nov 2026 12:00:00 CET", "1763726400"])
    func `says nothing of a time that cannot be read`(date: String?) {
        let diagnosis = ClockComparison(ours: WallTime(sinceEpoch: .zero), date: date).diagnosis
        #expect(diagnosis.verdict == .ok)
        #expect(diagnosis.words.contains("not compared"))
    }
}
