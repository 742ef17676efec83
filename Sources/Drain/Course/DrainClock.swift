import Interruption

/// Until when a drain goes on. Its deadline may come closer, may give way to a later one that the cloud names, and may be past before it
/// begins.
struct DrainClock: Sendable, Hashable {
    /// How long a drain goes on whose time was up when it began: the machine may live longer than was said.
    static let overtime = Duration.seconds(30)

    /// How late the first answer must come, for a guess to give way to it.
    static let patience = Duration.seconds(5)

    private let margin: Duration
    private let beginning: Moment
    /// As it was ordered.
    private var ordered: Deadline
    private(set) var deadline: Deadline
    private(set) var end: Moment

    /// A clock for a drain that begins at `now`.
    init(deadline: Deadline, margin: Duration, beginningAt now: Moment) {
        self.margin = margin
        beginning = now
        ordered = deadline
        self.deadline = deadline
        end = Self.end(by: deadline, margin: margin, at: now)
    }

    /// Takes the deadline as it stands now.
    mutating func deadlineStands(_ other: Deadline, at now: Moment) {
        guard other != ordered else { return }
        ordered = other
        deadline = other
        end = Self.end(by: other, margin: margin, at: now)
    }

    /// The API server answers for the first time. Where that took long, a time that nobody named leaves the pods half a minute from now:
    /// nobody is killed for a guess that passed while nothing could be asked.
    mutating func serverAnswers(at now: Moment, by anchor: WallClockAnchor) {
        guard deadline.certainty != .announced, beginning.duration(to: now) > Self.patience,
            deadline.timeLeft(at: now) < Self.overtime
        else { return }
        let moment = now.advanced(by: Self.overtime)
        deadline = Deadline(moment: moment, wall: anchor.wall(at: moment), certainty: deadline.certainty)
        end = Self.end(by: deadline, margin: margin, at: now)
    }

    /// A moment before the deadline, so that the report still gets out; with no time left, the overtime counted from
    /// `now`.
    private static func end(by deadline: Deadline, margin: Duration, at now: Moment) -> Moment {
        if deadline.timeLeft(at: now) <= margin { return now.advanced(by: overtime) }
        return deadline.moment.advanced(by: .zero - min(.seconds(1), margin / 5))
    }
}
