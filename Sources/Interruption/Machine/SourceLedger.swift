/// Which sources answer, and since when. Recorded notices that nobody announces any more are taken back only on the word of the source
/// that would announce them, and on some clouds its first answer takes two minutes.
struct SourceLedger: Sendable {
    /// How long a source must have answered properly until its silence about a recorded notice counts.
    static let settlingTime = Duration.seconds(60)

    private enum Health: Sendable, Hashable {
        /// It has not answered in this life. Next: answering, failing.
        case unheard
        /// It answers as it should, since then. Next: failing.
        case answering(since: Moment)
        /// It does not answer as it should. Next: answering.
        case failing
    }

    private var health: [String: Health]
    private var recordKnownAt: Moment?

    init(_ names: [String]) {
        health = Dictionary(names.map { ($0, Health.unheard) }) { first, _ in first }
    }

    /// The source answers; `true` when that is news.
    mutating func answers(_ name: String, at now: Moment) -> Bool {
        if case .answering = health[name] { return false }
        let wasFailing = health[name] == .failing
        health[name] = .answering(since: now)
        return wasFailing
    }

    /// The source does not answer as it should.
    mutating func fails(_ name: String) {
        health[name] = .failing
    }

    /// From now on silence counts, for sources that answer.
    mutating func recordIsKnown(at now: Moment) {
        recordKnownAt = recordKnownAt ?? now
    }

    /// Recorded notices about which the source that would announce them has been silent for long enough.
    func goneSilent(among standing: [Standing], at now: Moment) -> [NoticeID] {
        standing.filter { moment(forAbsenceOf: $0).map { $0 <= now } ?? false }.map(\.id)
    }

    /// When the next of them is to be looked at.
    func wakeUp(among standing: [Standing]) -> Moment? {
        standing.compactMap { moment(forAbsenceOf: $0) }.min()
    }

    /// When silence about it is enough; `nil` while nobody can tell.
    private func moment(forAbsenceOf standing: Standing) -> Moment? {
        guard !standing.isConfirmed, let recordKnownAt else { return nil }
        var since = recordKnownAt
        for state in judges(of: standing.plan.notice) {
            guard case .answering(let moment) = state else { return nil }
            since = max(since, moment)
        }
        return since.advanced(by: Self.settlingTime)
    }

    /// The source that would announce it; where that is not known, or there is no such source any more, all of them.
    private func judges(of notice: Notice) -> [Health] {
        notice.source.flatMap { health[$0] }.map { [$0] } ?? Array(health.values)
    }
}
