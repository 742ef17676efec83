/// What two hundred restarts came to.
struct RestartCounts: Sendable {
    let lines: [String]

    /// Counts what was seen.
    init(_ evidence: [Evidence], of plays: [RestartPlay], took: Duration) {
        func lost(_ kind: Evidence.Message.Kind) -> Int {
            evidence.count { play in
                let told = play.messages.filter { $0.kind == kind && $0.notice.hasPrefix("spot-") }
                return !MatrixAct.channels.isSubset(of: Set(told.map(\.channel)))
            }
        }
        let violations = evidence.flatMap(\.violations)
        let seeds = "\(plays.first?.seed ?? 0)…\(plays.last?.seed ?? 0)"
        lines =
            [
                "| drains that were killed, seeds \(seeds) | \(evidence.count) |",
                "| kills | \(evidence.reduce(0) { $0 + $1.lives.count - 1 }) |",
                "| lives that took up a drain from the record | "
                    + "\(evidence.reduce(0) { $0 + $1.lines.count { $0.contains("drain of an earlier life goes on") } }) |",
                "| first messages lost between record and channel | \(lost(.begun)) |",
                "| second messages lost between record and channel | \(lost(.finished)) |",
            ]
            + Violation.Kind.allCases.map { kind in
                "| \(kind.rawValue) | \(violations.count { $0.kind == kind }) |"
            } + ["| seconds for all, three at a time | \(took.components.seconds) |"]
    }
}
