@testable import Interruption

extension World {
    /// One step of an order; one that makes no sense now does nothing.
    mutating func take(_ step: OrderStep) {
        switch step {
        case .announce(let slot):
            cloud.announce(slot, at: now)
            if !cloud.fails(slot.source) { poll(slot.source) }
        case .withdraw(let slot):
            guard cloud.stands(slot) else { return }
            cloud.withdraw(slot)
            if !cloud.fails(slot.source) { poll(slot.source) }
        case .name(let slot, let seconds):
            guard cloud.stands(slot) else { return }
            cloud.name(slot, now.advanced(by: .seconds(seconds)))
            if !cloud.fails(slot.source) { poll(slot.source) }
        case .poll(let source): poll(source)
        case .fail(let source):
            cloud.setFails(source, true)
            poll(source)
        case .heal(let source):
            guard cloud.fails(source) else { return }
            cloud.setFails(source, false)
            poll(source)
        case .read(let isAnswered): answerRead(isAnswered)
        case .cordonLands: landCordon()
        case .runReaches(let ending): reach(ending)
        case .runEnds: endRun()
        case .writeLands: landWrite()
        case .giveBack(let succeeds): answerGiveBack(succeeds)
        case .lateGiveBack: landLateGiveBack()
        case .personUncordons: personUncordons()
        case .personCordons: node.personCordons()
        case .personDrains: node.personDrains(at: now)
        case .stop: stop()
        case .restart: beginLife()
        case .reboot:
            node.boot()
            beginLife()
        case .pass(let milliseconds): pass(until: now.advanced(by: .milliseconds(milliseconds)))
        }
    }

    mutating func poll(_ source: PlayedCloud.Source) {
        guard !isFinished else { return }
        for input in cloud.poll(source, at: now) { tell(input) }
    }

    mutating func answerRead(_ isAnswered: Bool) {
        guard let due = read, due <= now else { return }
        read = nil
        tell(isAnswered ? .recordRead(node.found) : .recordUnreadable("test"))
    }

    /// The cordon goes out after what was written before, and undoes what a broken-off give-back did.
    mutating func landCordon() {
        guard let current = drain, !current.isCordoned, current.mayCordon, current.told != .superseded else { return }
        drain?.isCordoned = true
        lateGiveBack = nil
        while !writes.isEmpty { landWrite() }
        guard let drain, drain.run.number == current.run.number else { return }
        node.cordon(for: drain.run.plan, at: now)
        tell(.cordoned(run: drain.run.number))
    }

    mutating func reach(_ ending: Report.Ending) {
        guard let current = drain, current.reached == nil else { return }
        if ending == .deadlineReached, current.deadline > now { return }
        if ending == .empty {
            landCordon()
            guard drain?.isCordoned == true else { return }
        }
        drain?.reached = ending
        witness.running?.hasReachedEnd = true
    }

    /// Over as it was told, or with the end that it reached; one that nobody told goes on until then.
    mutating func endRun() {
        guard let drain else { return }
        let reached = drain.reached ?? (drain.deadline <= now ? .deadlineReached : nil)
        guard let ending = reached ?? drain.told?.ending else { return }
        if [.empty, .failed, .deadlineReached].contains(ending) {
            while !writes.isEmpty { landWrite() }
            node.close(drain.run.plan.strategy, ending)
        }
        let number = drain.run.number
        let report = report(ending)
        self.drain = nil
        tell(.drainEnded(run: number, report))
    }

    private func report(_ ending: Report.Ending) -> Report {
        Report(notice: drain?.run.plan.notice ?? fallback, strategy: drain?.run.plan.strategy ?? .evict, ending: ending)
    }

    private var fallback: Notice {
        Notice(
            id: .operatorRequest, kind: .maintenance,
            deadline: Deadline(
                moment: now, wall: Play.anchor.wall(at: now), certainty: .assumed), words: "test")
    }

    mutating func landWrite() {
        guard !writes.isEmpty else { return }
        lateGiveBack = nil
        switch writes.removeFirst() {
        case .note(let plan):
            node.note(plan, at: now)
            tell(.written(plan.notice.id))
        case .forget(let id): node.forget(id)
        case .uncordon(let ids): node.noteUncordon(givingUp: ids)
        }
    }

    mutating func answerGiveBack(_ succeeds: Bool) {
        guard let giveBack else { return }
        self.giveBack = nil
        guard succeeds else { return tell(.giveBackFailed(attempt: giveBack.attempt, "test")) }
        while !writes.isEmpty { landWrite() }
        node.giveBack(keeping: giveBack.keeping)
        tell(.gaveBack(attempt: giveBack.attempt, leftovers: []))
    }

    private mutating func landLateGiveBack() {
        guard let late = lateGiveBack else { return }
        lateGiveBack = nil
        node.giveBack(keeping: late.keeping)
        tell(.gaveBack(attempt: late.attempt, leftovers: []))
    }

    private mutating func personUncordons() {
        let wasUnschedulable = node.isUnschedulable
        node.personUncordons()
        guard wasUnschedulable else { return }
        witness.personUncordons()
        if let watch { tell(.uncordoned(watch: watch)) }
    }

    private mutating func stop() {
        tell(.stop)
        if drain == nil { witness.expect(isFinished, .finishes, "told to stop while no drain runs, and does not") }
    }
}

extension DrainOrder.StopReason {
    /// How a drain ends that was told so.
    fileprivate var ending: Report.Ending {
        switch self {
        case .withdrawn: .withdrawn
        case .stopping, .superseded: .stopped
        case .unwanted: .givenUp
        }
    }
}
