@testable import Interruption

/// A machine on a clock that a test moves, and what it wanted done last.
struct PlayedMachine {
    static let anchor = WallClockAnchor(wall: WallTime(sinceEpoch: .zero), moment: Moment(sinceOrigin: .zero))

    var machine: NodeMachine
    var now = Moment(sinceOrigin: .seconds(100))
    var effects: [NodeMachine.Effect] = []

    /// A machine whose record was read: `record` is what stood there.
    init(
        _ policy: DrainPolicy = DrainPolicy(), sources: [String] = ["spot", "maintenance"],
        record: FoundRecord? = nil, isRead: Bool = true
    ) {
        machine = NodeMachine(policy: policy, sources: sources, anchor: Self.anchor, seed: 7, at: now)
        if isRead { take(.recordRead(record)) }
    }

    mutating func take(_ input: NodeMachine.Input) { effects = machine.take(input, at: now) }

    mutating func announce(_ notice: Notice) { take(.announced(notice)) }

    mutating func withdraw(_ notice: Notice) { take(.withdrawn(notice.id, because: "gone")) }

    /// Lets time pass, waking the machine when it asks for that; what it wants done on the way comes together.
    mutating func pass(_ duration: Duration) {
        let end = now.advanced(by: duration)
        var all: [NodeMachine.Effect] = []
        while let wakeUp = machine.wakeUp, wakeUp <= end {
            now = max(now, wakeUp)
            take(.timePassed)
            all += effects
        }
        now = end
        effects = all
    }

    /// The running drain is over.
    mutating func end(_ ending: Report.Ending = .empty) {
        guard let run else { return }
        take(
            .drainEnded(
                run: run.number,
                Report(notice: run.plan.notice, strategy: run.plan.strategy, ending: ending)))
    }

    /// The running drain cordoned the node.
    mutating func cordon() {
        if let run { take(.cordoned(run: run.number)) }
    }

    /// The try to give the node back went well.
    mutating func gaveBack(leftovers: [String] = []) {
        if case .givingBack(_, let attempt) = machine.phase {
            take(.gaveBack(attempt: attempt, leftovers: leftovers))
        }
    }

    /// Somebody made the node schedulable.
    mutating func uncordon() {
        if let watch = machine.watch { take(.uncordoned(watch: watch)) }
    }

    /// What runs.
    var run: NodeMachine.Run? {
        switch machine.phase {
        case .draining(let run), .ending(let run): run
        default: nil
        }
    }

    /// The drains that were begun last.
    var begun: [NodeMachine.Run] { effects.compactMap { if case .drain(let run) = $0 { run } else { nil } } }

    /// The messages for people that were posted last.
    var posts: [String] {
        effects.compactMap { effect in
            guard case .post(let event, _) = effect else { return nil }
            switch event {
            case .seen(let plan, _): return "seen \(plan.notice.id)"
            case .outcome(let report): return "outcome \(report.notice.id) \(report.ending.rawValue)"
            case .withdrawn(let notice, _, _, let standing):
                return "withdrawn \(notice.id)" + (standing.map { ", stays for \($0.id)" } ?? "")
            case .test: return "test"
            }
        }
    }

    /// The tries to give the node back that were begun last: why, and who stays.
    var givenBack: [String] {
        effects.compactMap { effect in
            guard case .giveBack(let reason, let keeping, _) = effect else { return nil }
            return ([reason] + keeping.map(\.rawValue).sorted()).joined(separator: " ")
        }
    }
}

/// A notice whose machine is gone so many seconds after the clock's origin.
func notice(
    _ id: String = "spot-1", _ kind: NoticeKind = .reclaim, at seconds: Int = 220,
    _ certainty: Deadline.Certainty = .announced, hook: Bool = false, source: String? = "spot"
) -> Notice {
    Notice(
        id: NoticeID(rawValue: id), kind: kind,
        deadline: Deadline(
            moment: Moment(sinceOrigin: .seconds(seconds)), wall: WallTime(sinceEpoch: .seconds(seconds)),
            certainty: certainty),
        words: "test", hasHook: hook, source: source)
}

/// What an earlier life wrote about `notice`.
func entry(
    _ notice: Notice, _ ending: Report.Ending? = nil, _ strategy: Strategy = .evict, holdsCordon: Bool = true
) -> NodeRecord.Entry {
    NodeRecord.Entry(
        id: notice.id, kind: notice.kind, words: notice.words, strategy: strategy, deadline: notice.deadline.wall,
        certainty: notice.deadline.certainty, since: WallTime(sinceEpoch: .seconds(50)), hasHook: notice.hasHook,
        source: notice.source, holdsCordon: holdsCordon, ending: ending)
}

/// A record as it is found.
func found(_ entries: NodeRecord.Entry..., rebooted: Bool = false, cordoned: Bool = true) -> FoundRecord {
    FoundRecord(record: NodeRecord(notices: entries), hasRebooted: rebooted, isUnschedulable: cordoned)
}
