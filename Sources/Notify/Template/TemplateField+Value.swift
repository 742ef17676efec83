import Interruption

extension TemplateField {
    /// The field's plain text in that notification. Numbers are never empty, so that they may stand outside quotes.
    func value(in notification: Notification) -> String {
        let notice = notification.notice
        let report = notification.report
        switch self {
        case .event: return notification.name.rawValue
        case .title, .description: return MessageText(notification).title
        case .text: return MessageText(notification).rendered(in: .plain, within: TextLimit(8000, .bytes))
        case .severity: return MessageText(notification).severity.rawValue
        case .key: return notification.correlationKey()
        case .dryRun: return notification.isRehearsal ? "true" : "false"
        case .time: return notification.time.rfc3339
        case .node, .nodeName: return notification.nodeName
        case .cluster: return notification.cluster ?? ""
        case .zone, .availabilityZone: return notification.machine.zone ?? ""
        case .region: return notification.machine.region ?? ""
        case .instanceID: return notification.machine.instanceID ?? ""
        case .instanceType: return notification.machine.instanceType ?? ""
        case .instanceLifeCycle: return notification.machine.lifeCycle ?? ""
        case .words, .monitor: return notice?.words ?? ""
        case .kind: return notice?.kind.rawValue ?? notification.name.rawValue
        case .eventID: return notice?.id.rawValue ?? notification.correlationKey()
        case .deadline, .startTime: return notice?.deadline.wall.rfc3339 ?? ""
        case .certainty: return notice?.deadline.certainty.rawValue ?? ""
        case .timeLeft, .timeUntilEvent: return notification.timeLeft.words
        case .secondsLeft: return seconds(notification.timeLeft)
        case .strategy: return notification.strategy?.rawValue ?? ""
        case .ending: return report?.ending.rawValue ?? ""
        case .reason: return notification.reason ?? ""
        case .isRebalanceRecommendation: return notice?.kind == .rebalance ? "true" : "false"
        case .isManaged: return "true"
        case .nodeProcessed: return notification.name == .outcome ? "true" : "false"
        case .inProgress: return notification.name == .seen ? "true" : "false"
        case .podsTotal: return String(report?.pods.count ?? 0)
        case .podsEvicted: return String(report?.count(.evicted) ?? 0)
        case .podsDeleted: return String(report?.count(.deleted) ?? 0)
        case .podsGone: return String(report?.count(.gone) ?? 0)
        case .podsTerminating: return String(report?.count(.terminating) ?? 0)
        case .podsBlocked: return String(report?.count(.blocked) ?? 0)
        case .podsFailed: return String(report?.count(.failed) ?? 0)
        case .podsWaiting: return String(report?.count(.waiting) ?? 0)
        case .podsSkipped: return String(report?.count(.skipped) ?? 0)
        case .podsEscalated: return String(report?.escalatedCount ?? 0)
        case .pods: return names(report?.pods)
        case .blockedPods: return names(report?.pods.filter { $0.fate == .blocked })
        case .unfinishedPods: return names(report?.notOut)
        case .secondsToCordon: return seconds(report?.toCordon)
        case .secondsToLastRequest: return seconds(report?.toLastRequest)
        case .secondsToEmpty: return seconds(report?.toEmpty)
        case .state, .autoScalingGroupName, .nodeLabels, .providerID, .endTime, .accountID, .publicHostname, .publicIP,
            .localHostname, .localIP:
            return notice?.fact(named: rawValue) ?? ""
        }
    }

    private func seconds(_ duration: Duration?) -> String {
        (duration?.inSeconds ?? 0).description
    }

    private func names(_ pods: [PodOutcome]?) -> String {
        TextLimit(8000, .bytes).clipped((pods ?? []).map(\.fullName).joined(separator: " "))
    }
}

extension Notification {
    /// The report of an outcome.
    var report: Report? {
        if case .outcome(let report) = event { report } else { nil }
    }

    /// The time to the deadline; zero when nothing is known.
    var timeLeft: Duration {
        switch event {
        case .seen(_, let timeLeft): timeLeft
        case .outcome(let report): report.timeLeft
        case .withdrawn, .test: .zero
        }
    }

    /// How the node is, or was, emptied.
    var strategy: Strategy? {
        switch event {
        case .seen(let plan, _): plan.strategy
        case .outcome(let report): report.strategy
        case .withdrawn, .test: nil
        }
    }

    /// Why the notice was taken back.
    var reason: String? {
        if case .withdrawn(_, let reason, _, _) = event { reason } else { nil }
    }
}

extension Notice {
    /// The provider's fact of that name, whatever its capitals and separators.
    fileprivate func fact(named name: String) -> String? {
        func bare(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
        return facts.sorted { $0.key < $1.key }.first { bare($0.key) == bare(name) }?.value
    }
}
