import Interruption

/// What stands of the two spot paths. Both announce the same thing, so there is one notice, whose identity is the machine: a time that
/// moves tightens its deadline and never makes another.
struct SpotTracker: Sendable {
    /// EC2 promises this much between announcement and action, except for hibernation.
    static let promise = Duration.seconds(120)
    /// A time that passed this long ago was not kept by EC2, and stays in the metadata.
    static let staleAfter = Duration.seconds(120)

    /// What one path says, without the noise of single answers.
    private enum Voice {
        /// It announces nothing. Next: announcing.
        case silent
        /// It announces. Next: fading.
        case announcing
        /// It announced, and its last good answer did not. Next: announcing, silent.
        case fading

        mutating func fade() {
            self = self == .announcing ? .fading : .silent
        }
    }

    private let assumed: AssumedNotices
    private var standing: Notice?
    private var action = Voice.silent
    private var termination = Voice.silent
    private var lastSilence: Moment?
    private var lastUnreadable: [UInt8]?
    private var fadeReason = "the announcement is gone from the metadata service"

    init(assumed: AssumedNotices) {
        self.assumed = assumed
    }

    /// Whether a notice stands.
    var stands: Bool { standing != nil }

    /// `spot/instance-action` answered at `now`.
    mutating func actionRead(_ body: [UInt8]?, at now: Moment, by anchor: WallClockAnchor, id: NoticeID) -> Finding {
        guard let body else {
            action.fade()
            if standing == nil { lastSilence = now }
            fadeReason = "the announcement is gone from the metadata service"
            return Finding(reports: withdrawal())
        }
        switch SpotAction(body) {
        case .noMetadata:
            return Finding(fault: "spot/instance-action answers 200 with a body that is not the metadata service's")
        case .unreadable:
            action = .announcing
            let deadline = unknownDeadline(at: now, by: anchor)
            stand(
                id, deadline: deadline, words: standing?.words ?? "spot interruption (unreadable announcement)", at: now
            )
            return announcement(
                remark: isNews(body) ? "the announcement cannot be read; an interruption is assumed" : nil)
        case .announced(let kind, let time):
            // Around its own time an interruption is under way; long behind it, it is one that was not kept, and stays in the metadata.
            if let time, isStale(anchor.moment(at: time), at: now) {
                action.fade()
                fadeReason = "the announced time passed and the machine still runs"
                return Finding(reports: withdrawal())
            }
            action = .announcing
            var deadline: Deadline
            if let time, anchor.moment(at: time) > now {
                deadline = Deadline(at: time, by: anchor, certainty: .announced)
            } else if time == nil {
                deadline = unknownDeadline(at: now, by: anchor)
            } else {
                deadline = standing?.deadline ?? after(assumed.overdue, at: now, by: anchor)
            }
            if kind == .hibernate, standing?.words != kind.words {
                deadline = deadline.tightened(to: after(assumed.hibernation, at: now, by: anchor))
            }
            stand(id, deadline: deadline, words: kind.words, returns: kind.returns, time: time, at: now)
            return announcement(
                remark: time == nil && isNews(body)
                    ? "the time of the announcement cannot be read; one is assumed" : nil)
        }
    }

    /// `spot/termination-time` answered at `now`.
    mutating func terminationTimeRead(
        _ body: [UInt8]?, at now: Moment, by anchor: WallClockAnchor, id: NoticeID
    ) -> Finding {
        guard body?.isNoMetadata != true else {
            return Finding(fault: "spot/termination-time answers 200 with a body that is not the metadata service's")
        }
        // The path may hold a text that is no time, or a time that EC2 did not keep: neither announces anything.
        let text = body.map { String(decoding: $0.prefix(64), as: UTF8.self).trimmed }
        guard let time = text.flatMap({ WallTime(rfc3339: $0) }) else {
            termination.fade()
            fadeReason = "the termination time is gone from the metadata service"
            return Finding(reports: withdrawal())
        }
        let deadline = Deadline(at: time, by: anchor, certainty: .announced)
        if deadline.moment > now {
            termination = .announcing
            stand(
                id, deadline: deadline, words: standing?.words ?? SpotAction.Action.terminate.words, time: time, at: now
            )
            return announcement(remark: nil)
        }
        // Around its own time a termination is under way, not stale.
        if termination != .silent, now < deadline.moment.advanced(by: SpotTracker.staleAfter) {
            return standing.map { Finding(reports: [.notice($0)]) } ?? Finding()
        }
        termination.fade()
        fadeReason = "the termination time passed and the machine still runs"
        return Finding(reports: withdrawal())
    }
}

extension SpotTracker {
    private mutating func stand(
        _ id: NoticeID, deadline: Deadline, words: String, returns: Bool? = nil, time: WallTime? = nil, at now: Moment
    ) {
        var facts = standing?.facts ?? [:]
        // The first time that was told: it moves on some machines, and a notice that is read twice must be equal. Once it has passed,
        // another one that is still ahead is another interruption.
        let isAnother = time.map { $0.rfc3339 != facts["time"] } ?? false
        let hasPassed = standing.map { $0.deadline.moment <= now && deadline.moment > now } ?? false
        if let time, facts["time"] == nil || hasPassed { facts["time"] = time.rfc3339 }
        let known = isAnother && hasPassed ? nil : standing?.deadline
        standing = Notice(
            id: standing?.id ?? id, kind: .reclaim,
            deadline: known?.tightened(to: deadline) ?? deadline,
            words: words, facts: facts, returns: returns ?? standing?.returns ?? false)
    }

    private func announcement(remark: String?) -> Finding {
        Finding(
            reports: standing.map { [.notice($0)] } ?? [],
            remarks: remark.map { [.unreadable(source: AWSSource.spot.rawValue, because: $0)] } ?? [])
    }

    /// The withdrawal, once neither path announces anything any more.
    private mutating func withdrawal() -> [SourceReport] {
        guard let notice = standing, action == .silent, termination == .silent else { return [] }
        standing = nil
        lastUnreadable = nil
        return [.withdrawn(notice.id, because: fadeReason)]
    }

    /// The announcement appeared after the last answer without one, and EC2 leaves two minutes from then on.
    private func unknownDeadline(at now: Moment, by anchor: WallClockAnchor) -> Deadline {
        if let standing { return standing.deadline }
        guard let lastSilence, lastSilence.duration(to: now) < SpotTracker.promise / 2 else {
            return after(assumed.spot, at: now, by: anchor)
        }
        let moment = lastSilence.advanced(by: SpotTracker.promise)
        return Deadline(moment: moment, wall: anchor.wall(at: moment), certainty: .assumed)
    }

    private func after(_ duration: Duration, at now: Moment, by anchor: WallClockAnchor) -> Deadline {
        let moment = now.advanced(by: duration)
        return Deadline(moment: moment, wall: anchor.wall(at: moment), certainty: .assumed)
    }

    private func isStale(_ time: Moment, at now: Moment) -> Bool {
        now >= time.advanced(by: SpotTracker.staleAfter)
    }

    private mutating func isNews(_ body: [UInt8]) -> Bool {
        defer { lastUnreadable = body }
        return lastUnreadable != body
    }
}
