import Interruption

extension MessageText {
    /// The first message: what was announced, and what is done about it.
    init(seen plan: Plan, timeLeft: Duration, in notification: Notification) {
        let notice = plan.notice
        let left = notice.deadline.words(forTimeLeft: timeLeft)
        let node = "Node \(notification.nodeName)\(notification.ofCluster)"
        let title: String
        let headline: String
        switch notice.kind {
        case .reclaim:
            title = "\(node) is about to be reclaimed: \(left)"
            headline = "Reclaim: \(left)"
        case .rebalance:
            title = "\(node) is at an elevated risk of being reclaimed"
            headline = "Rebalance advice"
        case .maintenance:
            title = "\(node) has maintenance ahead: \(left)"
            headline = "Maintenance: \(left)"
        case .scaleIn:
            title = "\(node) is being scaled in: \(left)"
            headline = "Scale-in: \(left)"
        }
        self.init(
            title: title,
            headline: headline,
            severity: notice.kind == .rebalance ? .info : .warning,
            facts: notification.place + notice.announcement + [
                ("Deadline", "\(notice.deadline.words), \(left)"),
                ("Strategy", plan.words),
                ("Notice", notice.id.rawValue),
            ] + notice.furtherFacts,
            sections: [])
    }
}

extension Plan {
    /// The strategy and what it means for budgets, for people.
    fileprivate var words: String {
        switch strategy {
        case .evict where escalates: "evict; a pod that its budget keeps is deleted when its own time has come"
        case .evict: "evict; budgets are absolute"
        case .delete: "delete; budgets are not asked"
        case .cordonOnly: "cordon-only; no pod is moved"
        }
    }
}
