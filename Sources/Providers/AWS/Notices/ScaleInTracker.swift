import Interruption

/// What stands of the target lifecycle state. The identity is the machine and where it goes, never the time of looking.
struct ScaleInTracker: Sendable {
    private struct Standing {
        var notice: Notice
        var since: Moment
        /// The longest that there is, whatever a hook says.
        var limit: Duration?
    }

    private let assumed: AssumedNotices
    /// Whether a hook of the group may be ours to answer.
    private let answersHooks: Bool
    private var standing: Standing?
    private var stays = 0
    private var lastUnknown: [UInt8]?

    init(assumed: AssumedNotices, answersHooks: Bool) {
        self.assumed = assumed
        self.answersHooks = answersHooks
    }

    /// Whether a notice stands.
    var stands: Bool { standing != nil }

    /// Whether the value makes a notice that does not stand yet, so that the machine's id must be known.
    func isNews(_ body: [UInt8]?) -> Bool {
        guard standing == nil, let body else { return false }
        return switch LifecycleState(body) {
        case .terminated, .parked: true
        default: false
        }
    }

    /// The path answered; `now` is when its consequences are known.
    mutating func read(_ body: [UInt8]?, at now: Moment, by anchor: WallClockAnchor, machine: String?) -> Finding {
        // 404 is the answer before the first transition. Behind another answer it is a silence, and takes nothing back.
        guard let body else { return Finding() }
        switch LifecycleState(body) {
        case .terminated(let words):
            return stand(words, limit: nil, returns: false, at: now, by: anchor, machine: machine)
        case .parked(let words, let hibernates):
            let limit = hibernates ? assumed.hibernation : nil
            return stand(words, limit: limit, returns: true, at: now, by: anchor, machine: machine)
        case .stays:
            stays += 1
            guard stays >= 2, let notice = standing?.notice else { return Finding() }
            standing = nil
            return Finding(reports: [.withdrawn(notice.id, because: "the group keeps the machine")])
        case .unknown:
            let isNews = lastUnknown != body
            lastUnknown = body
            let words = "the target lifecycle state is none that is documented; it is left out"
            return Finding(remarks: isNews ? [.unreadable(source: AWSSource.scaleIn.rawValue, because: words)] : [])
        case .noMetadata:
            return Finding(
                fault: "autoscaling/target-lifecycle-state answers 200 with a body that is not the metadata service's")
        }
    }

    /// More is known of the group's hooks: the notice that stands gets its true deadline.
    mutating func learned(_ outlook: HookOutlook, by anchor: WallClockAnchor, at now: Moment) -> Finding {
        guard let standing else { return Finding() }
        let before = standing.notice
        let deadline: Deadline
        let hasHook: Bool
        switch outlook {
        case .unknown: return Finding()
        case .none:
            let time = min(assumed.scaleIn, standing.limit ?? assumed.scaleIn)
            // Counted from now where it was not known for long: what is over already was no deadline.
            let moment = max(standing.since.advanced(by: time), now.advanced(by: time / 2))
            deadline = Deadline(moment: moment, wall: anchor.wall(at: moment), certainty: .assumed)
            hasHook = false
        case .waits(let timeout, let isOurs):
            let moment = standing.since.advanced(by: timeout)
            deadline = Deadline(moment: moment, wall: anchor.wall(at: moment), certainty: .announced)
            hasHook = isOurs && answersHooks
        }
        let notice = Notice(
            id: before.id, kind: before.kind, deadline: deadline, words: before.words, facts: before.facts,
            hasHook: hasHook, returns: before.returns)
        self.standing?.notice = notice
        return Finding(reports: [.notice(notice)])
    }

    private mutating func stand(
        _ state: String, limit: Duration?, returns: Bool, at now: Moment, by anchor: WallClockAnchor, machine: String?
    ) -> Finding {
        stays = 0
        if let standing { return Finding(reports: [.notice(standing.notice)]) }
        let moment = now.advanced(by: assumed.unknownHook)
        let notice = Notice(
            id: NoticeID("scale-in", of: machine ?? "machine"), kind: .scaleIn,
            deadline: Deadline(moment: moment, wall: anchor.wall(at: moment), certainty: .open),
            words: "Auto Scaling \(state)", facts: ["targetLifecycleState": state], hasHook: answersHooks,
            returns: returns)
        standing = Standing(notice: notice, since: now, limit: limit)
        return Finding(reports: [.notice(notice)])
    }
}
