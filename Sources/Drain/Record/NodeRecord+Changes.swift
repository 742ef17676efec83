import Interruption
import Kubernetes

extension NodeRecord {
    /// The record of a node as it was read there; `nil` when it has none.
    init?(on node: Node) {
        guard let text = node.annotations[MarkSettings.recordKey] else { return nil }
        self.init(annotation: text)
    }

    /// The record of a node with what is remembered of the notices in it that this process answers for: what others took out stays out.
    /// About the node's own state the node is right.
    init(on node: Node, remembering remembered: NodeRecord?, owning isOwned: (NoticeID) -> Bool) {
        self = NodeRecord(on: node) ?? NodeRecord()
        if let bootID, let now = node.bootID, bootID != now { startAnew() }
        for entry in remembered?.notices ?? [] where isOwned(entry.id) {
            if let place = notices.firstIndex(where: { $0.id == entry.id }) {
                notices[place].ending = entry.ending ?? notices[place].ending
            } else {
                notices.append(entry)
            }
        }
        hasOrphanedCordon = hasOrphanedCordon || remembered?.hasOrphanedCordon ?? false
    }

    /// The machine was started anew: what was announced before is over, but not a person's drain or word, and a cordon stays whose it was.
    private mutating func startAnew() {
        let others = notices.filter { $0.id == .operatorRequest || $0.ending == .givenUp }
        hasOrphanedCordon = cordonedByUs && !others.contains(where: \.holdsCordon)
        notices = others
    }

    /// Enters a plan that is served from now on; what an earlier life wrote about the same notice stays.
    mutating func enter(_ plan: Plan, deadline: Deadline, since: WallTime, holdsCordon: Bool) {
        let notice = plan.notice
        if holdsCordon { hasOrphanedCordon = false }
        guard let place = notices.firstIndex(where: { $0.id == notice.id }) else {
            notices.append(
                Entry(
                    id: notice.id, kind: notice.kind, words: notice.words, strategy: plan.strategy,
                    deadline: deadline.wall, certainty: deadline.certainty, since: since, returns: notice.returns,
                    hasHook: notice.hasHook, source: notice.source, holdsCordon: holdsCordon))
            return
        }
        notices[place].strategy = plan.strategy
        notices[place].deadline = deadline.wall
        notices[place].certainty = deadline.certainty
        notices[place].holdsCordon = notices[place].holdsCordon || holdsCordon
        notices[place].source = notice.source ?? notices[place].source
        notices[place].ending = nil
    }

    /// Notes how a drain ended, for every notice that it was for: those that this process answers for, and that ask for no more.
    mutating func close(_ report: Report, for isOwned: (NoticeID) -> Bool) {
        for place in notices.indices where isOwned(notices[place].id) && !notices[place].isOver {
            if report.strategy.isWeaker(than: notices[place].strategy) { continue }
            notices[place].ending = report.ending
        }
    }

    /// Takes a notice out. The cordon that it held is another's then, or nobody's of ours in particular.
    mutating func remove(_ id: NoticeID) {
        guard let place = notices.firstIndex(where: { $0.id == id }) else { return }
        let held = notices.remove(at: place).holdsCordon
        guard held, !notices.contains(where: \.holdsCordon) else { return }
        if let heir = notices.firstIndex(where: { $0.id != .operatorRequest && $0.ending != .givenUp }) {
            notices[heir].holdsCordon = true
        } else {
            hasOrphanedCordon = true
        }
    }

    /// Whether somebody undid a cordon of this life of the machine that one of `isOwned` holds: record and cordon come and go together.
    func isUndone(on node: Node, for isOwned: (NoticeID) -> Bool) -> Bool {
        !node.isUnschedulable && bootID == node.bootID && notices.contains { isOwned($0.id) && $0.holdsCordon }
    }

    /// Somebody else made the node schedulable: whoever cordons it from now on, it is not ours to undo.
    mutating func releaseCordon() {
        hasOrphanedCordon = false
        for place in notices.indices { notices[place].holdsCordon = false }
    }

    /// These notices are given up, because somebody else made the node schedulable. A notice that came after that, and cordoned the node
    /// anew, is not concerned.
    mutating func giveUp(_ ids: [NoticeID]) {
        hasOrphanedCordon = false
        for place in notices.indices where ids.contains(notices[place].id) || notices[place].id == .operatorRequest {
            notices[place].holdsCordon = false
            if ids.contains(notices[place].id) { notices[place].ending = .givenUp }
        }
    }
}

extension NodeRecord.Entry {
    /// Whether nothing more is done for it: any other end is begun again while the notice stands.
    fileprivate var isOver: Bool { ending == .empty || ending == .givenUp }
}
