extension NodeMachine {
    /// There is no record, so nothing is to be resumed.
    mutating func recordIsKnown(at now: Moment) -> [Effect] {
        readPause.wentWell()
        hasReadRecord = true
        sources.recordIsKnown(at: now)
        kept?.until = now
        return []
    }

    /// An earlier life of ours wrote down what it was at. No message of its is sent again.
    mutating func resume(_ found: FoundRecord, at now: Moment) -> [Effect] {
        var effects = recordIsKnown(at: now)
        var undone: [NoticeID] = []
        var over: [TakenBack] = []
        for entry in found.record.notices {
            let outlook = outlook(for: entry, of: found, at: now)
            effects.append(.tell(.recordFound(entry, outlook, isUnschedulable: found.isUnschedulable)))
            if outlook.isOver {
                over.append(TakenBack(notice: entry.notice(by: anchor), reason: outlook.rawValue, isTold: false))
            }
            guard let plan = plan(for: entry), outlook.stands else { continue }
            var one = Standing(plan: plan, arrival: now, isConfirmed: false, isNoted: true, toldEnding: entry.ending)
            one.service = outlook.service
            one.isTold = outlook != .waitsForAnnouncement || !entry.wasServed
            one.needsConfirmation = outlook == .waitsForAnnouncement
            standing.append(one)
            if outlook == .givenUp, entry.ending != .givenUp { undone.append(entry.id) }
            effects += resumed(one, at: now)
        }
        if !undone.isEmpty {
            effects += [
                .tell(.uncordoned(givingUp: undone, insistingOn: nil)),
                .noteUncordon(givingUp: undone, insistingOn: nil),
            ]
        }
        takenBackUnread = []
        // A record without notices holds what an earlier life could not undo.
        let isOurs = found.record.notices.isEmpty || found.record.notices.contains { $0.id != .operatorRequest }
        if isOurs, !hasClaims, standing.isEmpty || !over.isEmpty {
            let reason = found.hasRebooted ? "the machine was started anew" : "what it was for stands no more"
            owes(because: owed?.reason ?? reason, over)
        } else if let claim = standing.first(where: { $0.service != .givenUp }) {
            owes(because: "", over)
            effects += keepNode(for: claim.plan.notice)
        }
        return effects + (standing.isEmpty || !found.isUnschedulable ? [] : beginWatch())
    }

    /// What a recorded notice that stands means now.
    private mutating func resumed(_ one: Standing, at now: Moment) -> [Effect] {
        let plan = one.plan
        if one.asksForDrain {
            return make(wayFor: plan) + [
                .tell(.resumed(plan, timeLeft: one.due.timeLeft(at: now))), .tellCloud(plan),
            ]
        }
        // Whether the cloud was told before the earlier life ended is not known, and telling it again is harmless.
        guard one.service == .served, plan.notice.hasHook, plan.strategy != .cordonOnly else { return [] }
        return [.tellCloud(plan), .completeHook(plan.notice)]
    }

    private func plan(for entry: NodeRecord.Entry) -> Plan? {
        let notice = entry.notice(by: anchor)
        return policy.plan(for: notice).map {
            Plan(
                notice: notice, strategy: entry.strategy, escalates: $0.escalates, graceLimit: $0.graceLimit,
                margin: $0.margin)
        }
    }

    private func outlook(for entry: NodeRecord.Entry, of found: FoundRecord, at now: Moment) -> RecordOutlook {
        if entry.id == .operatorRequest { return .leftToPerson }
        if standing.contains(where: { $0.id == entry.id }) { return .standsAlready }
        if takenBackUnread.contains(entry.id) { return .takenBackAlready }
        // A person's word outlives a reboot, while the cloud announces the same.
        if found.hasRebooted, entry.ending != .givenUp { return .startedAnew }
        guard let plan = plan(for: entry) else { return .ignoredNow }
        if entry.ending == .givenUp { return .givenUp }
        // Whoever made the node schedulable had a reason, unless the machine is surely lost.
        let isLoss = plan.notice.kind.isCertainLoss
        if !isLoss, entry.holdsCordon, !found.isUnschedulable { return .givenUp }
        guard entry.wasServed else {
            // A time that is past was wrong about the machine, unless the cloud says it again.
            return plan.notice.deadline.moment > now ? .goesOn : .waitsForAnnouncement
        }
        // The node is not as we left it: what the cloud announces from now on is new.
        return isLoss && !found.isUnschedulable ? .waitsForAnnouncement : .waitsForWithdrawal
    }
}

/// What becomes of a notice that was found in the record at start.
public enum RecordOutlook: String, Sendable, Hashable, CaseIterable {
    /// Its drain goes on.
    case goesOn = "its drain goes on"
    /// It is done with; the node is given back when its source says that it is gone, or answers for a minute without it.
    case waitsForWithdrawal = "done with; the node is given back when it is no longer announced"
    /// It is left alone unless the cloud announces it again.
    case waitsForAnnouncement = "left alone unless it is announced again"
    /// It was announced before the record could be read.
    case standsAlready = "announced again already"
    /// It was taken back before the record could be read.
    case takenBackAlready = "taken back already; the node is given back"
    /// The settings ignore its kind now.
    case ignoredNow = "the settings ignore its kind now; the node is given back"
    /// The machine was started anew since; the node is given back.
    case startedAnew = "the machine was started anew; the node is given back"
    /// A person made the node schedulable, which is their word against it.
    case givenUp = "given up, because a person made the node schedulable"
    /// A person emptied the node by hand.
    case leftToPerson = "a person's drain; only a person's uncordon undoes it"

    /// Whether the notice stands on.
    var stands: Bool {
        switch self {
        case .goesOn, .waitsForWithdrawal, .waitsForAnnouncement, .givenUp: true
        case .standsAlready, .takenBackAlready, .ignoredNow, .startedAnew, .leftToPerson: false
        }
    }

    /// Whether nothing of it is to stay on the node.
    var isOver: Bool { self == .takenBackAlready || self == .ignoredNow || self == .startedAnew }

    /// How far we are with it.
    var service: Standing.Service {
        switch self {
        case .waitsForWithdrawal: .served
        case .givenUp: .givenUp
        default: .waiting
        }
    }
}
