/// First messages that wait until their notice is in the record, so that a next life does not say them again. An API server that does not
/// answer must not keep people waiting for more than `patience`.
struct FirstWords: Sendable {
    /// How long a message waits.
    static let patience = Duration.seconds(2)

    private struct Word: Sendable {
        let plan: Plan
        let timeLeft: Duration
        let due: Moment
    }

    private var words: [Word] = []

    /// When the next one is said at the latest.
    var wakeUp: Moment? { words.map(\.due).min() }

    /// One more waits.
    mutating func add(_ plan: Plan, timeLeft: Duration, at now: Moment) {
        words.removeAll { $0.plan.notice.id == plan.notice.id }
        words.append(Word(plan: plan, timeLeft: timeLeft, due: now.advanced(by: Self.patience)))
    }

    /// The message about that notice, unless it was said already.
    mutating func say(_ id: NoticeID) -> [NodeMachine.Effect] { say { $0.plan.notice.id == id } }

    /// The messages that waited long enough.
    mutating func due(at now: Moment) -> [NodeMachine.Effect] { say { $0.due <= now } }

    private mutating func say(where isMeant: (Word) -> Bool) -> [NodeMachine.Effect] {
        let said = words.filter(isMeant)
        words.removeAll(where: isMeant)
        // After the deadline nobody can act on the first message any more.
        return said.map {
            .post(.seen($0.plan, timeLeft: $0.timeLeft), expiry: $0.plan.notice.deadline.moment)
        }
    }
}
