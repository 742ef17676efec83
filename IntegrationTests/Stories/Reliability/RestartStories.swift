import FoundationEssentials
import Simulators
import Testing

/// A drain that is killed anywhere, by the real binary.
@Suite(.timeLimit(.minutes(30))) struct `Killed anywhere` {
    private static let first: UInt64 = 1
    private static let count: UInt64 = 200

    @Test func `a drain goes on, and nobody is told twice`() async throws {
        let plays = Share.current.of((Self.first..<Self.first + Self.count).map { RestartPlay(seed: $0) })
        print("\(plays.count) of \(Self.count) plays are played: \(Share.current)")
        let start = ContinuousClock().now
        let evidence = try await Crew.play(plays) { play in
            let evidence = try #require(try await play.play())
            if !evidence.violations.isEmpty {
                let log = evidence.lines.suffix(60).joined(separator: "\n")
                Issue.record("seed \(play.seed), \(play.kills): \(evidence.violations)\n\(log)")
            }
            return evidence
        }
        let counts = RestartCounts(evidence, first: Self.first, took: ContinuousClock().now - start)
        print(counts.lines.joined(separator: "\n"))
        guard Share.current.isWhole else { return }
        try ReliabilityPage.keep(counts.lines, as: .restarts)
    }
}
