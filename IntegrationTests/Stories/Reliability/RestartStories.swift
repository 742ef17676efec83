import FoundationEssentials
import Simulators
import Testing

/// A drain that is killed anywhere, by the real binary.
@Suite(.serialized, .timeLimit(.minutes(30))) struct `Killed anywhere` {
    private static let first: UInt64 = 1
    private static let count: UInt64 = 200

    @Test func `a drain goes on, and nobody is told twice`() async throws {
        let seeds = Self.first..<Self.first + Self.count
        try await play(Share.current.of(seeds.map { RestartPlay(seed: $0) }), by: Share.current, as: .restarts)
    }

    @Test func `a drain goes on that another notice came before, and that a person was in the middle of`() async throws
    {
        let seeds = Self.first + Self.count..<Self.first + 2 * Self.count
        let share = Share.current.halved
        try await play(share.of(seeds.map { RestartPlay(inCompanyBySeed: $0) }), by: share, as: .intrusions)
    }

    private func play(_ plays: [RestartPlay], by share: Share, as part: ReliabilityPage.Part) async throws {
        print("\(plays.count) of \(Self.count) plays are played: \(share)")
        let start = ContinuousClock().now
        let evidence = try await Crew.play(plays) { play in
            let evidence = try #require(try await play.play())
            if !evidence.violations.isEmpty {
                let log = evidence.lines.suffix(60).joined(separator: "\n")
                Issue.record("\(play): \(evidence.violations)\n\(log)")
            }
            return evidence
        }
        let counts = RestartCounts(evidence, of: plays, took: ContinuousClock().now - start)
        print(counts.lines.joined(separator: "\n"))
        guard share.isWhole else { return }
        try ReliabilityPage.keep(counts.lines, as: part)
    }
}
