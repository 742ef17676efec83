@testable import Interruption

extension Witness {
    /// What the machine is told, before it answers.
    mutating func hear(_ input: NodeMachine.Input, at now: Moment) {
        for place in claims.indices { claims[place].isNew = false }
        switch input {
        case .announced(let notice): announced(notice, at: now)
        case .withdrawn(let id, _):
            kept?.removeAll { $0.id == id }
            gone(id)
            takenBack.insert(id)
        case .sourceAnswers(let name): answering[name] = answering[name] ?? now
        case .sourceFails(let name, _): answering[name] = nil
        case .recordRead(let found):
            recordKnown = recordKnown ?? now
            if let found { resume(found, at: now) }
            release(at: now)
        case .recordUnreadable: release(at: now)
        case .cordoned(let number): cordoned(number)
        case .drainEnded(let number, let report): ended(number, report, at: now)
        case .gaveBack(let attempt, _), .giveBackFailed(let attempt, _):
            if givingBack?.number == attempt { givingBack = nil }
        case .uncordoned(let number): uncordoned(number, at: now)
        case .stop: isStopping = true
        case .written, .timePassed, .foundUncordoned: break
        }
        // However slow the API server is: after a second nothing waits for the record.
        if now >= began.advanced(by: .seconds(1)) { release(at: now) }
    }

    private mutating func release(at now: Moment) {
        guard let notices = kept else { return }
        kept = nil
        for notice in notices { announced(notice, at: now) }
    }

    private mutating func announced(_ notice: Notice, at now: Moment) {
        guard !isStopping else { return }
        guard kept == nil else {
            kept?.removeAll { $0.id == notice.id }
            kept?.append(notice)
            return
        }
        guard let strategy = policy.strategies.strategy(for: notice.kind) else { return }
        guard let known = claim(notice.id) else { return arrived(Claim(notice: notice, strategy: strategy)) }
        if isAnew(notice, known, at: now) || known.isAnew && !known.asks && known.state == .waiting {
            claims.removeAll { $0.id == notice.id }
            return arrived(Claim(notice: notice, strategy: strategy, isAnew: true))
        }
        let wasLeftAlone = !known.asks && known.state == .waiting
        update(notice.id) {
            $0.isConfirmed = true
            let deadline = Self.deadline($0.notice.deadline, after: notice.deadline, at: now)
            if deadline.moment > now {
                $0.overtime = nil
            } else if $0.state == .waiting, $0.due > now, $0.overtime == nil {
                $0.overtime = now.advanced(by: .seconds(30))
            }
            $0.notice = $0.notice.with(deadline)
        }
        if wasLeftAlone {
            update(notice.id) { $0.isNew = true }
            joins(notice.id)
        }
    }

    /// A guess gives way to what the cloud names, and so does a time that has passed; otherwise the earlier holds.
    private static func deadline(_ known: Deadline, after said: Deadline, at now: Moment) -> Deadline {
        if said.certainty == .announced, known.moment <= now, said.moment > now { return said }
        return switch (known.certainty, said.certainty) {
        case (.assumed, .announced): said
        case (.announced, .assumed): known
        default: said.moment < known.moment ? said : known
        }
    }

    /// Its time has passed without the machine being gone, and the cloud names a later one: another interruption under the same name.
    private func isAnew(_ notice: Notice, _ known: Claim, at now: Moment) -> Bool {
        guard known.state != .waiting, known.due <= now, notice.deadline.certainty == .announced else { return false }
        return notice.deadline.moment > now && notice.deadline.moment > known.deadline.advanced(by: .seconds(5))
    }

    private mutating func arrived(_ claim: Claim) {
        takenBack.remove(claim.id)
        claims.append(claim)
        claims[claims.count - 1].isNew = true
        joins(claim.id)
    }

    /// A claim begins to ask: a run that does as much serves it, too, unless that is about to end.
    mutating func joins(_ id: NoticeID) {
        hasNews = true
        let running = running
        update(id) { claim in
            claim.isFresh = true
            guard let running, let run = running.run, !running.isToldToEnd,
                run.plan.strategy.strength >= claim.strategy.strength
            else { return }
            claim.isFresh = false
            claim.isLate = running.hasReachedEnd
        }
    }

    /// A notice does not stand any more.
    mutating func gone(_ id: NoticeID) {
        guard let claim = claim(id) else { return }
        claims.removeAll { $0.id == id }
        if claim.isConfirmed || !claim.owesSeen { owedWords.append(id) }
    }

    private mutating func cordoned(_ number: Int) {
        guard let running, running.number == number, !running.isToldToEnd else { return }
        shouldWatch = true
    }

    private mutating func ended(_ number: Int, _ report: Report, at now: Moment) {
        guard let running, running.number == number else { return }
        conclude(report, at: now)
        self.running = nil
    }

    /// What the end of a run means: only a good one serves, and only those who asked for no more than it did.
    private mutating func conclude(_ report: Report, at now: Moment) {
        guard let running, let run = running.run else { return }
        let isFailure = report.ending == .failed || report.ending == .deadlineReached
        if isFailure, !running.isToldToEnd {
            failures += 1
            lastFailure = now
        }
        if report.ending == .empty { failures = 0 }
        for place in claims.indices
        where claims[place].asks && claims[place].strategy.strength <= run.plan.strategy.strength {
            if report.ending == .empty {
                // Who came after it was told to end did not join it.
                if running.isVoid || running.isToldToEnd && claims[place].isFresh { continue }
                claims[place].state = .served
            } else if isFailure {
                claims[place].hasFailed = true
            }
        }
    }

    private mutating func uncordoned(_ number: Int, at now: Moment) {
        guard watch == number, hasClaims, !isStopping else { return }
        shouldWatch = false
        running?.isVoid = true
        insists = claims.contains { $0.isInsistedOn(at: now) }
        for place in claims.indices {
            claims[place].state = claims[place].isInsistedOn(at: now) ? .waiting : .givenUp
            // Two who undo each other's work pause before they go on: nothing is begun at once.
            claims[place].isFresh = false
        }
    }
}

extension Notice {
    fileprivate func with(_ deadline: Deadline) -> Notice {
        Notice(
            id: id, kind: kind, deadline: deadline, words: words, facts: facts, hasHook: hasHook, returns: returns,
            source: source)
    }
}
