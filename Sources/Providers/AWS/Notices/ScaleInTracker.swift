import Interruption

/// What stands of the target lifecycle state. The identity is the machine and where it goes, never the time of looking.
struct ScaleInTracker: Sendable {
    /// What is known of the group's termination hooks when a scale-in is first seen.
    struct Hooks: Sendable, Hashable {
        /// Whether the group waits for us, as far as it is known.
        let areThere: Bool
        /// How long the cloud waits for a heartbeat, from now; `nil` when it is not known.
        let timeout: Duration?

        /// No hook, or none that can be asked for.
        static let none = Hooks(areThere: false, timeout: nil)
    }

    private let assumed: AssumedNotices
    private var standing: Notice?
    private var absences = 0
    private var lastUnknown: [UInt8]?

    init(assumed: AssumedNotices) {
        self.assumed = assumed
    }

    /// Whether the value makes a notice that does not stand yet, so that machine and hooks must be known.
    func isNews(_ body: [UInt8]?) -> Bool {
        guard standing == nil, let body else { return false }
        return switch LifecycleState(body) {
        case .terminated, .parked: true
        default: false
        }
    }

    /// The path answered; `now` is when its consequences are known.
    mutating func read(
        _ body: [UInt8]?, at now: Moment, by anchor: WallClockAnchor, machine: String?, hooks: Hooks
    ) -> Finding {
        // 404 is the answer before the first transition.
        switch body.map({ LifecycleState($0) }) ?? .stays("none") {
        case .terminated(let words):
            return stand(words, limit: nil, returns: false, at: now, by: anchor, machine: machine, hooks: hooks)
        case .parked(let words, let hibernates):
            let limit = hibernates ? assumed.hibernation : nil
            return stand(words, limit: limit, returns: true, at: now, by: anchor, machine: machine, hooks: hooks)
        case .stays:
            absences += 1
            guard absences >= 2, let notice = standing else { return Finding() }
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

    private mutating func stand(
        _ state: String, limit: Duration?, returns: Bool, at now: Moment, by anchor: WallClockAnchor, machine: String?,
        hooks: Hooks
    ) -> Finding {
        absences = 0
        if let standing { return Finding(reports: [.notice(standing)]) }
        let time = hooks.timeout ?? min(assumed.scaleIn, limit ?? assumed.scaleIn)
        let moment = now.advanced(by: time)
        let deadline = Deadline(
            moment: moment, wall: anchor.wall(at: moment), certainty: hooks.timeout == nil ? .assumed : .announced)
        let notice = Notice(
            id: NoticeID("scale-in", of: machine ?? "machine"), kind: .scaleIn, deadline: deadline,
            words: "Auto Scaling \(state)", facts: ["targetLifecycleState": state], hasHook: hooks.areThere,
            returns: returns)
        standing = notice
        return Finding(reports: [.notice(notice)])
    }
}
