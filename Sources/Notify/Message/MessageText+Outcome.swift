import Interruption

extension MessageText {
    /// The second message: the report, with what was not done before what went well.
    init(outcome report: Report, in notification: Notification) {
        let node = "Node \(notification.nodeName)\(notification.ofCluster)"
        let out = report.out.count
        let notOut = report.notOut.count
        let left = report.notice.deadline.certainty == .open ? nil : report.timeLeft.words
        let title: String
        let headline: String
        switch report.ending {
        case .empty where report.strategy == .cordonOnly:
            title = "\(node) is cordoned; its pods stay"
            headline = "Node cordoned"
        case .empty:
            let took = report.toEmpty.map { " in \($0.words)" } ?? ""
            title = "\(node) is empty: \(pods(out)) out\(took)" + (left.map { ", \($0) before the deadline" } ?? "")
            headline = "Node empty: \(pods(out)) out"
        case .deadlineReached:
            title = "\(node) was not empty at the deadline: \(notOut) of \(pods(out + notOut)) not out"
            headline = "Not empty: \(notOut) of \(out + notOut) not out"
        case .withdrawn:
            title =
                "The drain of node \(notification.nodeName)\(notification.ofCluster) ended: the notice was withdrawn"
            headline = "Drain ended: notice withdrawn"
        case .givenUp:
            title =
                "\(node) was uncordoned by a person: nobody else is moved, \(notOut) of \(pods(out + notOut)) stayed"
            headline = "Uncordoned by a person: drain given up"
        case .stopped:
            title =
                "The drain of node \(notification.nodeName)\(notification.ofCluster) was interrupted: \(notOut) "
                + "of \(pods(out + notOut)) not out"
            headline = "Drain interrupted"
        case .failed:
            title = "\(node) could not be drained: \(notOut) of \(pods(out + notOut)) not out"
            headline = "Drain failed: \(notOut) not out"
        }
        self.init(
            title: title,
            headline: headline,
            severity: report.severity,
            facts: [("Outcome", report.ending.rawValue), ("Pods", report.counts)] + notification.place
                + report.notice.announcement + [
                    ("Strategy", report.strategy.rawValue),
                    ("Cordoned after", report.toCordon?.words),
                    ("Last request accepted after", report.toLastRequest?.words),
                    ("Empty after", report.toEmpty?.words),
                    ("Time left", left),
                    ("Deadline", report.notice.deadline.words),
                    ("Requests repeated", report.repetitions),
                    ("Volumes still attached", report.volumesAttached.map { "\($0)" }),
                    ("Notice", report.notice.id.rawValue),
                ],
            sections: [
                Section("Blocked by a budget", report.lines(of: .blocked)),
                Section("Could not be asked to leave", report.lines(of: .failed)),
                Section("Still terminating", report.lines(of: .terminating)),
                Section("Not asked yet", report.lines(of: .waiting)),
                Section("Deleted against a budget (escalated)", report.out.filter(\.escalated).map(\.line)),
                Section("Not done", report.remarks, limit: 20),
                // Names of pods that left in peace are rarely worth a long message.
                Section("Out", report.out.filter { !$0.escalated }.map(\.fullName), limit: 25),
            ])
    }
}

private func pods(_ count: Int) -> String {
    count == 1 ? "1 pod" : "\(count) pods"
}

extension Report {
    /// The pods that are out.
    var out: [PodOutcome] { pods.filter { [.evicted, .deleted, .gone].contains($0.fate) } }

    /// The pods that had to leave and are not out.
    var notOut: [PodOutcome] { pods.filter { [.blocked, .failed, .terminating, .waiting].contains($0.fate) } }

    /// How many pods were deleted because a budget refused to the end.
    var escalatedCount: Int { pods.count { $0.escalated } }

    /// How much this outcome matters.
    fileprivate var severity: MessageText.Severity {
        switch ending {
        case .empty: escalatedCount > 0 || !remarks.isEmpty ? .warning : .info
        case .withdrawn: .info
        case .stopped, .givenUp: .warning
        case .deadlineReached, .failed: .error
        }
    }

    /// The number of pods of each fate that occurs, the escalated ones named.
    var counts: String {
        let fates: [(PodFate, String)] = [
            (.blocked, "blocked"), (.failed, "failed"), (.terminating, "terminating"), (.waiting, "not asked"),
            (.evicted, "evicted"), (.deleted, "deleted"), (.gone, "gone by themselves"), (.skipped, "staying"),
        ]
        var parts = fates.compactMap { fate, word in count(fate) > 0 ? "\(count(fate)) \(word)" : nil }
        if escalatedCount > 0 { parts.append("\(escalatedCount) escalated") }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }

    fileprivate var repetitions: String? {
        let parts = RetryCause.allCases.compactMap { cause in
            retries[cause].flatMap { $0 > 0 ? "\($0) for \(cause.rawValue)" : nil }
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    fileprivate func lines(of fate: PodFate) -> [String] {
        pods.filter { $0.fate == fate }.map(\.line)
    }
}

extension PodOutcome {
    /// Namespace and name.
    var fullName: String { "\(namespace)/\(name)" }

    /// The pod, whether it was escalated, and the reason or the budget.
    fileprivate var line: String {
        let mark = escalated && fate != .deleted && fate != .gone ? " (escalated)" : ""
        return fullName + mark + (detail.map { ": " + $0 } ?? "")
    }
}
