import Interruption

extension Notification {
    /// Where it happens: the node and what the cloud knows the machine as.
    var place: [(String, String?)] {
        [
            ("Node", nodeName),
            ("Cluster", cluster),
            ("Instance", machine.instanceID),
            ("Type", [machine.instanceType, machine.lifeCycle].compactMap { $0 }.joined(separator: ", ")),
            ("Zone", machine.zone ?? machine.region),
        ]
    }

    /// The cluster in parentheses with a space before it; nothing when it is unknown. Short, so that a title keeps its
    /// end.
    var ofCluster: String {
        guard let cluster, !cluster.isEmpty else { return "" }
        return " (cluster \(TextLimit(80, .bytes).clipped(cluster.singleLine)))"
    }

    /// Which of the messages this is.
    var name: NotificationName {
        switch event {
        case .seen: .seen
        case .outcome: .outcome
        case .withdrawn: .withdrawn
        case .test: .test
        }
    }
}

/// The messages that there are, as words for metrics, logs and templates.
public enum NotificationName: String, Sendable, Hashable, CaseIterable {
    /// A notice was seen.
    case seen
    /// The drain ended.
    case outcome
    /// The notice was taken back.
    case withdrawn
    /// A person's test.
    case test
}

extension Notice {
    /// What was announced, in our word and the provider's.
    var announcement: [(String, String?)] {
        [("Kind", words.isEmpty ? kind.rawValue : "\(kind.rawValue) (\(words))")]
    }

    /// The provider's own facts in the order of their names; at most six, because a provider may know many.
    var furtherFacts: [(String, String?)] {
        facts.sorted { $0.key < $1.key }.prefix(6).map { (TextLimit(40, .bytes).clipped($0.key.singleLine), $0.value) }
    }
}

extension Deadline {
    /// The time and who says so.
    var words: String {
        switch certainty {
        case .announced: wall.rfc3339
        case .assumed: "\(wall.rfc3339) (assumed, none was announced)"
        case .open: "not known yet; the cloud may wait for this node"
        }
    }

    /// How much time is left, as surely as it is known.
    func words(forTimeLeft left: Duration) -> String {
        switch certainty {
        case .announced: "\(left.words) left"
        case .assumed: "about \(left.words) left"
        case .open: "time left not known"
        }
    }
}
