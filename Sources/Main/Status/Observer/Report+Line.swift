import Interruption
import Logging

extension Report {
    /// Whether a person has nothing to look at.
    var isGood: Bool {
        switch ending {
        case .empty, .withdrawn, .stopped, .givenUp: count(.blocked) + count(.failed) == 0
        case .deadlineReached, .failed: false
        }
    }

    /// How the drain ended, as a log line's constant message.
    var endingMessage: Logger.Message {
        switch ending {
        case .empty where strategy == .cordonOnly: "drain ended: the node is cordoned"
        case .empty: "drain ended: the node is empty"
        case .deadlineReached: "drain ended: the deadline came first"
        case .withdrawn: "drain ended: the notice was taken back"
        case .stopped: "drain ended: the daemon was told to stop"
        case .givenUp: "drain ended: the node was uncordoned by a person"
        case .failed: "drain ended: it could not be done"
        }
    }

    /// What a person can do about what went wrong, most pressing first; `nil` when nothing did.
    fileprivate var advice: Logger.MetadataValue? {
        if ending == .failed {
            return
                "check that the API server answers and that this pod's service account may patch nodes and evict pods"
        }
        if count(.blocked) > 0 { return "give the budgets of the blocked pods room, or allow to escalate" }
        if count(.failed) > 0 { return "see the reasons of the failed pods" }
        if ending == .deadlineReached { return "shorten the grace of the pods that were still there" }
        return nil
    }
}

extension LogFields {
    /// Everything that a person wants to know about a drain.
    static func of(_ report: Report) -> LogFields {
        var fields = of(report.notice).adding(of(report.notice.deadline, timeLeft: report.timeLeft)).adding([
            .strategy: .string(report.strategy.rawValue),
            .ending: .string(report.ending.rawValue),
            .secondsToCordon: report.toCordon.map { .seconds($0) },
            .secondsToLastEviction: report.toLastRequest.map { .seconds($0) },
            .secondsToEmpty: report.toEmpty.map { .seconds($0) },
            .remarks: report.remarks.isEmpty ? nil : .list(report.remarks),
            .advice: report.advice,
        ])
        for fate in PodFate.allCases {
            fields.set("pods.\(fate.rawValue)", .count(report.count(fate)))
        }
        if let volumes = report.volumesAttached { fields.set("volumes.attached", .count(volumes)) }
        fields.set("pods.escalated", .count(report.pods.count { $0.escalated }))
        for fate in [PodFate.blocked, .terminating, .failed, .waiting] {
            let names = report.pods.filter { $0.fate == fate }.map(\.nameAndReason)
            if !names.isEmpty { fields.set("pods.\(fate.rawValue).names", .list(names)) }
        }
        for cause in RetryCause.allCases {
            if let number = report.retries[cause], number > 0 {
                fields.set("retries.\(cause.rawValue)", .count(number))
            }
        }
        return fields
    }
}

extension PodOutcome {
    /// The pod and why it is where it is.
    fileprivate var nameAndReason: String {
        "\(namespace)/\(name)" + (detail.map { " (\($0))" } ?? "")
    }
}
