import Interruption

extension Report {
    /// The report in one line, for events and conditions.
    var summary: String {
        guard strategy != .cordonOnly else {
            return "\(notice.words): node \(toCordon == nil ? "not cordoned" : "cordoned")"
        }
        let counts = PodFate.allCases.compactMap { fate -> String? in
            let count = count(fate)
            return count == 0 ? nil : "\(count) \(fate.rawValue)"
        }
        let pods = counts.isEmpty ? "no pods" : counts.joined(separator: ", ")
        let end = toEmpty.map { "empty after \($0.wholeSecondsRoundedUp) s" } ?? "not empty (\(ending.rawValue))"
        let left = notice.deadline.certainty == .open ? "" : ", \(timeLeft.wholeSeconds) s left"
        return "\(notice.words): \(pods); \(end)\(left)\(blockers)"
    }

    /// The budgets that refused to the end, a few of them.
    private var blockers: String {
        let budgets = Set(pods.filter { $0.fate == .blocked }.compactMap(\.detail)).sorted()
        return budgets.isEmpty ? "" : "; blocked by " + budgets.prefix(5).joined(separator: ", ")
    }
}
