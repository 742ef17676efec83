extension NodeMachine {
    /// How many notices are kept that wait for the record, and how many may stand; a machine has a handful in its life.
    static let noticeLimit = 64

    /// A source says that `notice` stands.
    mutating func announced(_ notice: Notice, at now: Moment) -> [Effect] {
        guard !isStopping else { return [] }
        guard kept == nil else {
            keep(notice)
            return []
        }
        guard let known = standing.first(where: { $0.id == notice.id }) else { return arrived(notice, at: now) }
        // A loss that was served by an earlier life, on a node that takes pods again, is new, too.
        if known.isRenewed(by: notice, at: now) || !known.isTold {
            standing.removeAll { $0.id == notice.id }
            return arrived(notice, at: now)
        }
        return confirmed(notice, known, at: now)
    }

    private mutating func arrived(_ notice: Notice, at now: Moment) -> [Effect] {
        guard let plan = policy.plan(for: notice) else {
            return ignored.count < Self.noticeLimit && ignored.insert(notice.id).inserted
                ? [.tell(.noticeIgnored(notice))] : []
        }
        guard standing.count < Self.noticeLimit else { return [] }
        takenBackUnread.remove(notice.id)
        standing.append(Standing(plan: plan, arrival: now))
        return seen(plan, at: now) + make(wayFor: plan) + [.tellCloud(plan)]
    }

    /// A notice that stands was announced again: perhaps for the first time in this life, perhaps with another deadline.
    private mutating func confirmed(_ notice: Notice, _ known: Standing, at now: Moment) -> [Effect] {
        let overtime = overtime(for: known.plan, from: now)
        update(notice.id) { standing in
            standing.isConfirmed = true
            let (before, wasAhead) = (standing.plan.notice.deadline, standing.isAhead(at: now))
            standing.plan = standing.plan.following(standing.plan.notice.corrected(by: notice.deadline, at: now))
            guard standing.plan.notice.deadline != before else { return }
            if standing.plan.notice.deadline.moment > now {
                standing.overtime = nil
            } else if wasAhead, standing.overtime == nil, standing.service == .waiting {
                standing.overtime = overtime
            }
        }
        guard !known.asksForDrain, known.service == .waiting else { return [] }
        // It was left alone until now.
        return make(wayFor: known.plan) + [.tellCloud(known.plan)]
    }

    /// Makes way for a plan that has just come: ends what is less than it, or lets it join what is as much.
    mutating func make(wayFor plan: Plan) -> [Effect] {
        drainPause.hurry()
        switch phase {
        case .draining(let run) where run.plan.strategy.isWeaker(than: plan.strategy):
            enter(.ending(run))
            return [.endDrain(.superseded)]
        case .draining(let run):
            update(plan.notice.id) { standing in
                standing.joined = run.number
                standing.isNoted = true
            }
            return [.note(plan)]
        case .givingBack(let debt, _):
            // Cordon and record stay; so nothing is given back, and those who were to be told so are told otherwise.
            enter(.resting)
            owes(because: debt.reason, debt.takenBack)
            return [.endGiveBack] + keepNode(for: plan.notice)
        case .resting, .ending:
            return keepNode(for: plan.notice)
        case .finished:
            return []
        }
    }

    /// Nothing is to be undone any more, because `notice` stands.
    mutating func keepNode(for notice: Notice) -> [Effect] {
        defer { owed = nil }
        giveBackPause.wentWell()
        let takenBack = owed?.takenBack ?? []
        let gone = takenBack.map(\.notice.id).filter { id in !standing.contains { $0.id == id } }
        return gone.map { .forget($0) } + sayTakenBack(takenBack, leftovers: [], standing: notice)
    }

    /// The node is to be given back, and then these messages are due.
    mutating func owes(because reason: String, _ takenBack: [TakenBack] = []) {
        owed = Debt(reason: reason, takenBack: (owed?.takenBack ?? []) + takenBack)
    }

    /// The cloud took a notice back, or it went stale.
    mutating func withdrawn(_ id: NoticeID, because reason: String) -> [Effect] {
        ignored.remove(id)
        if !hasReadRecord, takenBackUnread.count < Self.noticeLimit { takenBackUnread.insert(id) }
        kept?.notices.removeAll { $0.id == id }
        return [.tell(.withdrawn(id, because: reason))] + taken(id, because: reason)
    }

    /// A notice does not stand any more.
    private mutating func taken(_ id: NoticeID, because reason: String) -> [Effect] {
        guard let gone = standing.first(where: { $0.id == id }) else { return [] }
        standing.removeAll { $0.id == id }
        var effects: [Effect] = [.dropHook(id)] + firstWords.say(id)
        let takenBack = [TakenBack(notice: gone.plan.notice, reason: reason, isTold: gone.isTold)]
        guard let other = standing.filter({ $0.service != .givenUp }).max(by: { $0.isWeaker(than: $1) }) else {
            owes(because: reason, takenBack)
            if case .draining(let run) = phase {
                enter(.ending(run))
                effects.append(.endDrain(.withdrawn))
            }
            return effects
        }
        // Others still want the node empty: the pods that left stay away, and the messages about this one end here.
        effects += [.forget(id)] + sayTakenBack(takenBack, leftovers: [], standing: other.plan.notice)
        if case .draining(let run) = phase, run.plan.notice.id == id {
            enter(.ending(run))
            effects.append(.endDrain(.superseded))
        }
        return effects
    }

    /// Tells people what became of the notices that were taken back; `standing` is why the node stays as it is, if it does.
    func sayTakenBack(_ takenBack: [TakenBack], leftovers: [String], standing: Notice?) -> [Effect] {
        takenBack.filter(\.isTold).map {
            .post(.withdrawn($0.notice, because: $0.reason, leftovers: leftovers, standing: standing), expiry: nil)
        }
    }

    /// Logs and metrics are told at once, people when the record is written, so that a next life does not tell them again.
    private mutating func seen(_ plan: Plan, at now: Moment) -> [Effect] {
        let timeLeft = plan.notice.deadline.timeLeft(at: now)
        firstWords.add(plan, timeLeft: timeLeft, at: now)
        return [.tell(.noticeSeen(plan, timeLeft: timeLeft))]
    }
}

// MARK: - Before the record is known

extension NodeMachine {
    private mutating func keep(_ notice: Notice) {
        kept?.notices.removeAll { $0.id == notice.id }
        guard let kept, kept.notices.count < Self.noticeLimit else { return }
        self.kept?.notices.append(notice)
    }

    /// The record is known now, or was waited for long enough: notices need not wait any more.
    mutating func releaseKept(at now: Moment) -> [Effect] {
        guard let kept, kept.until <= now else { return [] }
        self.kept = nil
        return kept.notices.flatMap { announced($0, at: now) }
    }
}
