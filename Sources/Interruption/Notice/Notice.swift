/// What the cloud announced about this machine. Plain data: the same announcement read twice is equal.
public struct Notice: Sendable, Hashable {
    /// Who this notice is, from the provider's facts, never from the time at which we looked.
    public let id: NoticeID
    /// What kind of end it announces.
    public let kind: NoticeKind
    /// When the machine is gone.
    public let deadline: Deadline
    /// What the provider calls it, such as `spot terminate` or `system-reboot`; for people.
    public let words: String
    /// Further facts of the provider's own for messages and logs, such as the event id.
    public let facts: [String: String]
    /// Whether the cloud waits for our word before it goes on (an Auto Scaling lifecycle hook).
    public let hasHook: Bool
    /// Whether the machine is expected to come back under the same name (a reboot, a stop), so that the node is given back afterwards.
    public let returns: Bool
    /// The name of the source that announced it, which alone can say that it is gone; `nil` where that is not known.
    public let source: String?

    /// A notice from its parts.
    public init(
        id: NoticeID,
        kind: NoticeKind,
        deadline: Deadline,
        words: String,
        facts: [String: String] = [:],
        hasHook: Bool = false,
        returns: Bool = false,
        source: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.deadline = deadline
        self.words = words
        self.facts = facts
        self.hasHook = hasHook
        self.returns = returns
        self.source = source
    }

    /// The same notice with the earlier of its own deadline and `other`.
    public func tightened(to other: Deadline) -> Notice { with(deadline.tightened(to: other)) }

    /// The same notice with what `other` says of its deadline at `now`.
    func corrected(by other: Deadline, at now: Moment) -> Notice { with(deadline.corrected(by: other, at: now)) }

    /// The same notice with another deadline.
    private func with(_ deadline: Deadline) -> Notice {
        Notice(
            id: id, kind: kind, deadline: deadline, words: words, facts: facts, hasHook: hasHook, returns: returns,
            source: source)
    }

    /// The same notice, announced by the source of that name.
    func announced(by source: String) -> Notice {
        Notice(
            id: id, kind: kind, deadline: deadline, words: words, facts: facts, hasHook: hasHook, returns: returns,
            source: source)
    }
}

/// The identity of a notice.
public struct NoticeID: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
    /// The identity's text; at most 63 characters of label-safe ASCII, so that it can be a taint's value.
    public let rawValue: String

    /// An identity with that text.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The identity's text.
    public var description: String { rawValue }
}

/// The instant at which the machine is gone. It may be tightened, never loosened, unless it was a guess and the cloud names it.
public struct Deadline: Sendable, Hashable {
    /// The instant on the monotonic clock.
    public let moment: Moment
    /// The same in the world's time, for people and for the record on the Node.
    public let wall: WallTime
    /// Who says so.
    public let certainty: Certainty

    /// Where a deadline comes from.
    public enum Certainty: String, Sendable, Hashable {
        /// The cloud named the time.
        case announced
        /// The cloud named none, and ours is a careful guess.
        case assumed
        /// The cloud waits for our word, or may, and how long is not known yet: the moment only says until when we go on by ourselves,
        /// and nothing is forced on its account.
        case open
    }

    /// A deadline from its parts.
    public init(moment: Moment, wall: WallTime, certainty: Certainty) {
        self.moment = moment
        self.wall = wall
        self.certainty = certainty
    }

    /// The deadline at `wall`, placed on the monotonic clock by `anchor`.
    public init(at wall: WallTime, by anchor: WallClockAnchor, certainty: Certainty) {
        self.init(moment: anchor.moment(at: wall), wall: wall, certainty: certainty)
    }

    /// The earlier of the two.
    public func tightened(to other: Deadline) -> Deadline {
        other.moment < moment ? other : self
    }

    /// What holds when `other` is said of the same machine at `now`: a guess gives way to what the cloud names, even to a later time, and so
    /// does a time that has passed; else the earlier holds.
    func corrected(by other: Deadline, at now: Moment) -> Deadline {
        guard other.certainty == .announced else { return certainty == .announced ? self : tightened(to: other) }
        let hasPassed = moment <= now && other.moment > now
        return certainty != .announced || hasPassed ? other : tightened(to: other)
    }

    /// The same instant in the time of day that `anchor` shows. What is written down is read back by the same clock, and
    /// then means the same instant, also where that clock is wrong.
    public func restated(by anchor: WallClockAnchor) -> Deadline {
        Deadline(moment: moment, wall: anchor.wall(at: moment), certainty: certainty)
    }

    /// How long there is from `now`; never negative.
    public func timeLeft(at now: Moment) -> Duration {
        max(.zero, now.duration(to: moment))
    }
}
