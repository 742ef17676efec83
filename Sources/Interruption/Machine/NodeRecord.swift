/// What we wrote on the Node about what we did, so that a restart resumes it and a withdrawal undoes exactly that.
public struct NodeRecord: Sendable, Hashable {
    /// The notices that are answered, in the order of their arrival.
    public var notices: [Entry]
    /// Whether the cordon is ours though no notice here holds it: the one that did was taken back before another was written down, or an
    /// older version of ours wrote the record.
    public var hasOrphanedCordon: Bool
    /// Taints that we added, as `key=value:Effect`.
    public var taints: [String]
    /// Labels that we added, by key.
    public var labels: [String: String]
    /// Types of Node conditions that we set.
    public var conditions: [String]
    /// The boot id of the machine when we began (`status.nodeInfo.bootID`).
    public var bootID: String?

    /// One notice in the record.
    public struct Entry: Sendable, Hashable {
        /// Which notice.
        public var id: NoticeID
        /// Its kind.
        public var kind: NoticeKind
        /// What the provider called it.
        public var words: String
        /// Its strategy.
        public var strategy: Strategy
        /// The deadline in the world's time.
        public var deadline: WallTime
        /// Whether the cloud named the deadline.
        public var certainty: Deadline.Certainty
        /// When we saw it first.
        public var since: WallTime
        /// Whether the machine comes back afterwards.
        public var returns: Bool
        /// Whether the cloud waits for our word.
        public var hasHook: Bool
        /// The name of the source that announced it; `nil` where that is not known.
        public var source: String?
        /// Whether the node is cordoned for it by us: it was schedulable when it came, or was already cordoned for another one here. The
        /// node stays cordoned until the last one that holds it is gone.
        public var holdsCordon: Bool
        /// How its drain ended; `nil` while it runs.
        public var ending: Report.Ending?

        /// An entry from its parts.
        public init(
            id: NoticeID,
            kind: NoticeKind,
            words: String,
            strategy: Strategy,
            deadline: WallTime,
            certainty: Deadline.Certainty,
            since: WallTime,
            returns: Bool = false,
            hasHook: Bool = false,
            source: String? = nil,
            holdsCordon: Bool = false,
            ending: Report.Ending? = nil
        ) {
            self.id = id
            self.kind = kind
            self.words = words
            self.strategy = strategy
            self.deadline = deadline
            self.certainty = certainty
            self.since = since
            self.returns = returns
            self.hasHook = hasHook
            self.source = source
            self.holdsCordon = holdsCordon
            self.ending = ending
        }
    }

    /// Whether the node was schedulable before us, so that the cordon is ours to undo.
    public var cordonedByUs: Bool { hasOrphanedCordon || notices.contains(where: \.holdsCordon) }

    /// A record from its parts.
    public init(
        notices: [Entry] = [],
        cordonedByUs: Bool = false,
        taints: [String] = [],
        labels: [String: String] = [:],
        conditions: [String] = [],
        bootID: String? = nil
    ) {
        self.notices = notices
        hasOrphanedCordon = cordonedByUs && !notices.contains(where: \.holdsCordon)
        self.taints = taints
        self.labels = labels
        self.conditions = conditions
        self.bootID = bootID
    }
}

/// A record as it was found on the Node.
public struct FoundRecord: Sendable, Hashable {
    /// What it says.
    public var record: NodeRecord
    /// Whether the machine was started anew since it was written (its boot id changed).
    public var hasRebooted: Bool
    /// Whether the Node takes no new pods.
    public var isUnschedulable: Bool

    /// A found record from its parts.
    public init(record: NodeRecord, hasRebooted: Bool, isUnschedulable: Bool = true) {
        self.record = record
        self.hasRebooted = hasRebooted
        self.isUnschedulable = isUnschedulable
    }
}

extension NodeRecord.Entry {
    /// Whether its drain came to a good end; any other goes on in the next life.
    public var wasServed: Bool { ending == .empty }

    /// The notice that the entry stands for, its deadline placed on the monotonic clock by `anchor`.
    public func notice(by anchor: WallClockAnchor) -> Notice {
        Notice(
            id: id, kind: kind, deadline: Deadline(at: deadline, by: anchor, certainty: certainty), words: words,
            hasHook: hasHook, returns: returns, source: source)
    }
}

extension NoticeID {
    /// The "notice" of a person who empties a node by hand; no source ever announces or withdraws it.
    public static let operatorRequest = NoticeID(rawValue: "operator-request")
}
