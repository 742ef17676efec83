import Interruption

/// A report as lines for people.
enum ReportText {
    /// The lines: the sum first, then every pod that did not simply leave.
    static func lines(for report: Report, node: String) -> [String] {
        var lines = ["Node \(node): \(sentence(for: report.ending, report.strategy))"]
        let counted = PodFate.allCases.filter { report.count($0) > 0 }.map { "\(report.count($0)) \($0.rawValue)" }
        lines.append("  pods       \(counted.isEmpty ? "none" : counted.joined(separator: ", "))")
        let times = [
            report.toCordon.map { "cordon \(seconds($0))" },
            report.toLastRequest.map { "last eviction \(seconds($0))" },
            report.toEmpty.map { "empty \(seconds($0))" },
        ]
        lines.append("  took       \(times.compactMap { $0 }.joined(separator: ", "))")
        lines.append("  time left  \(seconds(report.timeLeft))")
        for pod in report.pods where pod.escalated || [.blocked, .failed, .terminating, .waiting].contains(pod.fate) {
            let fate = pod.escalated ? "escalated, \(pod.fate.rawValue)" : pod.fate.rawValue
            let grace = pod.grace.map { ", grace \(seconds($0))" } ?? ""
            lines.append("  \(fate): \(pod.namespace)/\(pod.name)\(grace)\(pod.detail.map { " (\($0))" } ?? "")")
        }
        let retries = report.retries.sorted { $0.key.rawValue < $1.key.rawValue }.filter { $0.value > 0 }
        if !retries.isEmpty {
            lines.append("  retries    \(retries.map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", "))")
        }
        return lines + report.remarks.map { "  note       \($0)" }
    }

    /// Seconds with one decimal below ten.
    static func seconds(_ duration: Duration) -> String {
        let milliseconds = Int(duration / .milliseconds(1))
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        return milliseconds < 10_000
            ? "\(milliseconds / 1000).\(milliseconds / 100 % 10) s" : "\(milliseconds / 1000) s"
    }

    private static func sentence(for ending: Report.Ending, _ strategy: Strategy) -> String {
        switch ending {
        case .empty: strategy == .cordonOnly ? "cordoned, no pod was moved" : "empty"
        case .deadlineReached: "NOT empty when the deadline came"
        case .withdrawn: "the drain ended because the notice was withdrawn"
        case .givenUp: "the drain was given up, because a person made the node schedulable"
        case .stopped: "the drain was stopped before the node was empty; it is still cordoned"
        case .failed: "could not be drained"
        }
    }
}
