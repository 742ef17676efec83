extension NodeMachine {
    /// Somebody made the node schedulable after our cordon.
    ///
    /// For advice and maintenance that is a person's word: who is out stays out, and nobody else is moved. Where the machine is surely
    /// lost it cannot be meant, because pods that come now are lost with it: the node is cordoned and emptied again, and the person is
    /// told why.
    mutating func uncordoned(watch number: Int, at now: Moment) -> [Effect] {
        guard watch == number, hasClaims, !isStopping else { return [] }
        let loss = standing.filter { $0.isCertainLoss(at: now) }.max { $0.isWeaker(than: $1) }
        return loss.map { insist(on: $0, at: now) } ?? giveUp()
    }

    /// A record that was read too late told of a person's word: for a certain loss the run goes on, and its cordon comes.
    mutating func foundUncordoned(run number: Int, at now: Moment) -> [Effect] {
        guard case .draining(let run) = phase, run.number == number,
            !standing.contains(where: { $0.isCertainLoss(at: now) })
        else { return [] }
        return giveUp()
    }

    private mutating func insist(on loss: Standing, at now: Moment) -> [Effect] {
        for place in standing.indices where standing[place].isCertainLoss(at: now) {
            standing[place].service = .waiting
        }
        uncordonCount += 1
        // Two who undo each other's work must not do it in a tight loop.
        if uncordonCount > 1 {
            drainPause.failed(at: now, first: .seconds(2), limit: .seconds(30), using: &generator)
        }
        // For everything else it is the person's word all the same.
        let ids = giveUp(standing.filter { !$0.isCertainLoss(at: now) })
        var effects: [Effect] = [
            .tell(.uncordoned(givingUp: ids, insistingOn: loss.plan)),
            .noteUncordon(givingUp: ids, insistingOn: loss.plan),
        ]
        effects += endRun(.superseded)
        return endWatch() + effects
    }

    /// Gives up those that are not given up yet, and says which.
    private mutating func giveUp(_ notices: [Standing]) -> [NoticeID] {
        let ids = notices.filter { $0.service != .givenUp }.map(\.id)
        for id in ids { update(id) { $0.service = .givenUp } }
        return ids
    }

    private mutating func giveUp() -> [Effect] {
        let ids = giveUp(standing)
        var effects: [Effect] = [
            .tell(.uncordoned(givingUp: ids, insistingOn: nil)),
            .noteUncordon(givingUp: ids, insistingOn: nil),
        ]
        effects += endRun(.unwanted)
        return endWatch() + effects
    }

    /// Ends what runs on a node that is schedulable now.
    private mutating func endRun(_ reason: DrainOrder.StopReason) -> [Effect] {
        switch phase {
        case .draining(var run):
            run.isVoid = true
            enter(.ending(run))
            return [.endDrain(reason)]
        case .ending(var run):
            run.isVoid = true
            enter(.ending(run))
            return []
        case .resting, .givingBack, .finished:
            return []
        }
    }

    /// Has somebody look out for a person who makes the node schedulable.
    mutating func beginWatch() -> [Effect] {
        guard watch == nil else { return [] }
        let number = nextNumber()
        watch = number
        return [.watchNode(watch: number)]
    }

    /// Has nobody look out any more.
    mutating func endWatch() -> [Effect] {
        guard watch != nil else { return [] }
        watch = nil
        return [.unwatchNode]
    }
}
