@testable import Interruption

/// The Node as the cluster holds it, and what we and people do to it.
struct PlayedNode: Sendable {
    private(set) var isUnschedulable = false
    private(set) var record: NodeRecord?
    private(set) var bootID = 1
    /// Whether a person wants the node cordoned; `nil` where nobody can know, because they cordoned what we had cordoned and they had
    /// uncordoned before that was written down.
    private(set) var personHolds: Bool? = false

    /// What somebody who reads the Node finds.
    var found: FoundRecord? {
        record.map {
            FoundRecord(record: $0, hasRebooted: $0.bootID != "\(bootID)", isUnschedulable: isUnschedulable)
        }
    }

    /// The notices in the record, without the person's.
    var entries: [NodeRecord.Entry] { record?.notices.filter { $0.id != .operatorRequest } ?? [] }

    private var isHeld: Bool { record.map { $0.cordonedByUs || $0.notices.contains(where: \.holdsCordon) } ?? false }

    /// The record as somebody writes it on: what was announced before a boot is over, but a person's word and a cordon's owner stay.
    private var current: NodeRecord {
        guard var current = record else { return NodeRecord(bootID: "\(bootID)") }
        guard current.bootID != "\(bootID)" else { return current }
        let held = isHeld
        current.bootID = "\(bootID)"
        current.notices.removeAll { $0.id != .operatorRequest && $0.ending != .givenUp }
        current.hasOrphanedCordon = held && !current.notices.contains(where: \.holdsCordon)
        return current
    }

    // MARK: What the drainer does

    /// Cordons for a plan, and writes that down in the same request.
    mutating func cordon(for plan: Plan, at now: Moment) {
        let wasSchedulable = !isUnschedulable
        isUnschedulable = true
        var written = current
        if wasSchedulable { written.releaseCordon() }
        record = written
        note(plan, holdsCordon: wasSchedulable, at: now)
    }

    /// Adds a plan to the record.
    mutating func note(_ plan: Plan, holdsCordon: Bool = false, at now: Moment) {
        var record = current
        let notice = plan.notice
        let before = record.notices.first { $0.id == notice.id }
        let entry = NodeRecord.Entry(
            id: notice.id, kind: notice.kind, words: notice.words, strategy: plan.strategy,
            deadline: notice.deadline.wall, certainty: notice.deadline.certainty,
            since: before?.since ?? Play.anchor.wall(at: now), returns: notice.returns, hasHook: notice.hasHook,
            source: notice.source, holdsCordon: holdsCordon || isUnschedulable && isHeld)
        if let place = record.notices.firstIndex(where: { $0.id == notice.id }) {
            record.notices[place] = entry
        } else {
            record.notices.append(entry)
        }
        self.record = record
    }

    /// Writes how a drain of that strategy ended, for every notice that asked for no more than it did.
    mutating func close(_ strategy: Strategy, _ ending: Report.Ending) {
        for place in record?.notices.indices ?? 0..<0 {
            guard let entry = record?.notices[place], entry.id != .operatorRequest, !entry.wasServed,
                entry.ending != .givenUp, !strategy.isWeaker(than: entry.strategy)
            else { continue }
            record?.notices[place].ending = ending
        }
    }

    mutating func forget(_ id: NoticeID) {
        guard record != nil else { return }
        record = current
        guard let place = record?.notices.firstIndex(where: { $0.id == id }) else { return }
        let held = isHeld
        record?.notices.remove(at: place)
        if held, !isHeld { record?.hasOrphanedCordon = true }
    }

    mutating func noteUncordon(givingUp ids: [NoticeID]) {
        guard record != nil else { return }
        record = current
        record?.releaseCordon()
        for place in record?.notices.indices ?? 0..<0 where record.map({ ids.contains($0.notices[place].id) }) ?? false
        {
            record?.notices[place].ending = .givenUp
        }
    }

    mutating func giveBack(keeping: Set<NoticeID>) {
        guard var record else { return }
        let held = isHeld
        record.notices.removeAll { !keeping.contains($0.id) }
        record.hasOrphanedCordon = false
        self.record = record.notices.isEmpty ? nil : record
        if held, !isHeld { isUnschedulable = false }
    }

    // MARK: What others do

    mutating func personCordons() {
        guard !isUnschedulable else { return }
        isUnschedulable = true
        personHolds = isHeld ? nil : true
    }

    mutating func personUncordons() {
        isUnschedulable = false
        personHolds = false
        record?.notices.removeAll { $0.id == .operatorRequest }
        if record?.notices.isEmpty == true { record = nil }
    }

    mutating func personDrains(at now: Moment) {
        guard record?.notices.contains(where: { $0.id == .operatorRequest }) != true else { return }
        let wall = Play.anchor.wall(at: now)
        let holds = !isUnschedulable || isHeld
        var written = record ?? NodeRecord(bootID: "\(bootID)")
        written.notices.append(
            NodeRecord.Entry(
                id: .operatorRequest, kind: .maintenance, words: "drain", strategy: .evict, deadline: wall,
                certainty: .assumed, since: wall, holdsCordon: holds, ending: .empty))
        record = written
        isUnschedulable = true
        personHolds = true
    }

    mutating func boot() { bootID += 1 }
}

extension NodeRecord {
    /// Somebody made the node schedulable: no cordon from before is anybody's.
    fileprivate mutating func releaseCordon() {
        hasOrphanedCordon = false
        for place in notices.indices { notices[place].holdsCordon = false }
    }
}
