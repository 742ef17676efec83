extension NodeMachine {
    /// The node is unschedulable, and the record names the run's notice.
    mutating func cordoned(run number: Int) -> [Effect] {
        guard case .draining(let run) = phase, run.number == number else { return [] }
        update(run.plan.notice.id) { $0.isNoted = true }
        return firstWords.say(run.plan.notice.id) + beginWatch()
    }

    /// A run is over.
    mutating func drainEnded(_ number: Int, _ report: Report, at now: Moment) -> [Effect] {
        switch phase {
        case .draining(let run) where run.number == number:
            enter(.resting)
            return [.tell(.drainEnded(report))] + outcomes(report, of: run, at: now)
        case .ending(let run) where run.number == number:
            enter(.resting)
            // It was told to end: only a good end, or a person's word, is news about the notices; and an end is not good on a node that
            // somebody made schedulable meanwhile.
            var verdict = report
            if run.isVoid { verdict.ending = .givenUp }
            let isNews = verdict.ending == .empty || verdict.ending == .givenUp
            return [.tell(.drainEnded(report))] + (isNews ? outcomes(verdict, of: run, at: now) : [])
        default:
            return []
        }
    }

    /// The pair's second message for every notice that the run concerned, and the word that the cloud waits for. Only a good end serves a
    /// notice; any other is begun again, after a pause, while the notice stands.
    private mutating func outcomes(_ report: Report, of run: Run, at now: Moment) -> [Effect] {
        switch report.ending {
        case .withdrawn, .stopped: return []
        case .givenUp: break
        case .empty: drainPause.wentWell()
        // A deadline that was reached is not about to come back; an API server may be.
        case .failed:
            drainPause.failed(at: now, first: .seconds(1), limit: .seconds(30), using: &generator)
        case .deadlineReached:
            drainPause.failed(at: now, first: .seconds(2), limit: .seconds(300), using: &generator)
        }
        var effects: [Effect] = []
        for place in standing.indices where standing[place].isConcerned(by: run) {
            if report.ending == .givenUp, standing[place].service != .givenUp { continue }
            let notice = standing[place].plan.notice
            let isServed = standing[place].asksForDrain && report.ending == .empty
            if isServed { standing[place].service = .served }
            if standing[place].toldEnding != report.ending {
                standing[place].toldEnding = report.ending
                effects += outcome(report, for: notice)
            }
            if isServed, notice.hasHook, standing[place].plan.strategy != .cordonOnly {
                effects.append(.completeHook(notice))
            }
        }
        return effects
    }

    /// The second message about `notice`; the first one goes before it.
    mutating func outcome(_ report: Report, for notice: Notice) -> [Effect] {
        var own = report
        own.notice = notice
        return firstWords.say(notice.id) + [.post(.outcome(own), expiry: nil)]
    }

    /// The daemon is told to stop: finish what is in flight, leave cordon and record.
    mutating func stop() -> [Effect] {
        isStopping = true
        switch phase {
        case .draining(let run), .ending(let run):
            enter(.ending(run))
            return [.endDrain(.stopping)]
        case .givingBack:
            // The record that is left says what remains for the next life.
            enter(.resting)
            return [.endGiveBack]
        case .resting, .finished:
            return []
        }
    }
}

// MARK: - Giving back

extension NodeMachine {
    /// What we did is undone.
    mutating func gaveBack(_ attempt: Int, leftovers: [String]) -> [Effect] {
        guard case .givingBack(let debt, attempt) = phase else { return [] }
        enter(.resting)
        giveBackPause.wentWell()
        uncordonCount = 0
        return [.tell(.gaveBack(because: debt.reason, leftovers: leftovers))]
            + sayTakenBack(debt.takenBack, leftovers: leftovers, standing: nil)
    }

    /// What we did could not be undone this time.
    mutating func giveBackFailed(_ attempt: Int, _ words: String, at now: Moment) -> [Effect] {
        guard case .givingBack(let debt, attempt) = phase else { return [] }
        enter(.resting)
        owes(because: debt.reason, debt.takenBack)
        giveBackPause.failed(at: now, first: .milliseconds(500), limit: .seconds(30), using: &generator)
        return [.tell(.giveBackFailed(words))]
    }
}
