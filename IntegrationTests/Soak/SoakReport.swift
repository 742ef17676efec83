/// The end of a soak: what was done, what came of it, and whether that is good.
struct SoakReport: Sendable {
    /// How long it took.
    var minutes: Double
    /// What was done.
    var counts: Tally.Counts
    /// Requests that a fault hit.
    var faults: Int
    /// Messages that never came.
    var missingMessages: Int
    /// Messages that came too often.
    var duplicateMessages: Int
    /// Notices that the handler counted itself; `nil` when its metrics could not be read.
    var noticesCounted: Int?
    /// The most anonymous memory that was seen, in KiB.
    var peakAnonymous: Int
    /// How many readings were judged.
    var readings: Int
    /// What grew; `nil` when there were too few readings to tell.
    var growth: [Growth]?
    /// Whether the handler ended in order when it was told to.
    var endedInOrder: Bool

    /// Shorter soaks are a look at what happens: the warm-up is most of their time, so growth is not judged.
    static let leastMinutes = 5.0

    /// Whether it was too short to judge growth.
    private var isTooShort: Bool { minutes < Self.leastMinutes }

    /// What is wrong, a line each.
    var problems: [String] {
        var problems = counts.missed
        if counts.handled != counts.given { problems.append("\(counts.given - counts.handled) notices were missed") }
        if missingMessages > 0 { problems.append("\(missingMessages) messages are missing") }
        if duplicateMessages > 0 { problems.append("\(duplicateMessages) messages were sent twice") }
        if noticesCounted != counts.given {
            let counted = noticesCounted.map { "\($0)" } ?? "nothing"
            problems.append("the handler counts \(counted) notices, given were \(counts.given)")
        }
        if counts.given == 0 { problems.append("no notice was given") }
        if !endedInOrder { problems.append("the handler did not end in order") }
        guard let growth else {
            return isTooShort ? problems : problems + ["too few readings to judge growth; give it more minutes"]
        }
        return problems
            + growth.filter(\.isTooMuch).map {
                "\($0.quantity.rawValue) grows: \(Self.text($0.perThousand)) with 1,000 notices"
            }
    }

    /// The whole report, for people.
    var text: String {
        var lines = [
            "\(Self.text(minutes)) minutes: \(counts.given) notices given, \(counts.handled) handled, "
                + "\(counts.withdrawn) withdrawn",
            "\(faults) requests hit by faults, \(counts.disconnections) disconnections, \(counts.rotations) rotations",
            "\(counts.given - counts.handled) missed, \(missingMessages) messages missing, "
                + "\(duplicateMessages) duplicates, most anonymous memory \(peakAnonymous) KiB, \(readings) readings",
            "",
            "quantity          per hour   limit   per 1,000 notices   limit   rise (sure from \(Growth.sureRise))",
        ]
        for item in growth ?? [] {
            let cells = [
                Self.right(Self.text(item.hourly), 9), Self.right(Self.text(item.quantity.hourlyLimit), 8),
                Self.right(Self.text(item.perThousand), 20), Self.right(Self.text(item.quantity.limitPerThousand), 8),
                Self.right(Self.text(item.rise, digits: 2), 7),
            ]
            let unit = item.quantity.unit.isEmpty ? "" : " \(item.quantity.unit)"
            lines.append(
                Self.left("\(item.quantity.rawValue)\(unit)", 17) + cells.joined()
                    + (item.isTooMuch ? "  TOO MUCH" : ""))
        }
        if isTooShort { lines.append("not judged: growth takes \(Self.text(Self.leastMinutes)) minutes at least") }
        return (lines + [""] + (problems.isEmpty ? ["ok"] : problems.map { "FAIL  \($0)" })).joined(separator: "\n")
            + "\n"
    }

    private static func text(_ value: Double, digits: Int = 1) -> String {
        let scale = digits == 2 ? 100.0 : 10.0
        return "\((value * scale).rounded() / scale)"
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.utf8.count)) + text
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.utf8.count))
    }
}
