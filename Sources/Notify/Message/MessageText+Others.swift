import Interruption

extension MessageText {
    /// The message that takes the first one back. While another notice stands, the node stays as it is.
    init(
        withdrawn notice: Notice, because reason: String, leftovers: [String], standing: Notice?,
        in notification: Notification
    ) {
        let fate =
            standing.map { "stays out of service because of \($0.words)" }
            ?? (leftovers.isEmpty ? "is given back" : "is given back, but not all of it")
        self.init(
            title: "Notice withdrawn: node \(notification.nodeName)\(notification.ofCluster) \(fate)",
            headline: "Notice withdrawn",
            severity: leftovers.isEmpty ? .info : .warning,
            facts: [("Reason", reason), ("Still stands", standing?.id.rawValue)] + notification.place
                + notice.announcement + [
                    ("Deadline", notice.deadline.words), ("Notice", notice.id.rawValue),
                ],
            sections: [Section("Could not be undone", leftovers, limit: 20)])
    }

    /// The marked message of a person who checks the configuration.
    init(testIn notification: Notification) {
        self.init(
            title:
                "TEST: interruption-handler on node \(notification.nodeName)\(notification.ofCluster) reaches this channel",
            headline: "TEST of interruption-handler",
            severity: .info,
            facts: [("Test", "nothing was announced and nothing happens to the node")] + notification.place + [
                ("Sent at", notification.time.rfc3339)
            ],
            sections: [])
    }
}
