@testable import Interruption

extension World {
    /// Time passes: the machine is woken when it asked for it, and a drain does not outlive its deadline.
    mutating func pass(until end: Moment) {
        var wakes = 0
        while witness.violation == nil {
            let wake = isFinished ? nil : subject.wakeUp
            let moment = [wake, drain?.end].compactMap(\.self).min().map { max(now, $0) }
            guard let moment, moment <= end else { break }
            wakes += 1
            guard wakes < 2000 else { return witness.broken(.neverStuck, "was woken 2,000 times in one pause") }
            now = moment
            if let wake, wake <= now { tell(.timePassed) }
            if let drain, drain.end <= now { endRun() }
        }
        now = end
    }

    /// The world is well, everything that is asked for happens, and time passes until nothing more comes.
    mutating func comeToRest() {
        if isFinished { beginLife() }
        if witness.isStopping {
            drainInFlight()
            guard witness.violation == nil else { return }
            witness.expect(isFinished, .finishes, "was told to stop, and has not finished")
            guard witness.violation == nil else { return }
            beginLife()
        }
        let idle = idleSource
        for source in PlayedCloud.Source.allCases { cloud.setFails(source, source == idle) }
        let end = now.advanced(by: .seconds(600))
        repeat {
            pollAll()
            var wakes = 0
            while witness.violation == nil {
                drainInFlight()
                guard let moment = [subject.wakeUp, read].compactMap(\.self).min() else { break }
                wakes += 1
                guard moment <= end, wakes < 200 else { return witness.broken(.neverStuck, "does not come to rest") }
                pass(until: max(now, moment))
            }
            pollAll()
            drainInFlight()
        } while witness.violation == nil && (subject.wakeUp != nil || read != nil)
    }

    /// A source that has nothing to say may fail all the time: it concerns nobody.
    private var idleSource: PlayedCloud.Source? {
        let source = PlayedCloud.Source.allCases[Int(order.seed % 8) % PlayedCloud.Source.allCases.count]
        let isConcerned = PlayedCloud.Slot.allCases.contains { slot in
            slot.source == source
                && (cloud.stands(slot) || cloud.isTold(slot) || witness.claim(slot.id) != nil
                    || node.entries.contains { $0.id == slot.id })
        }
        return order.seed % 8 < 4 && !isConcerned ? source : nil
    }

    private mutating func pollAll() {
        for source in PlayedCloud.Source.allCases { poll(source) }
    }

    /// Whatever is under way goes well.
    private mutating func drainInFlight() {
        for _ in 0..<200 where witness.violation == nil {
            if let due = read, due <= now {
                answerRead(true)
            } else if !writes.isEmpty {
                landWrite()
            } else if giveBack != nil {
                answerGiveBack(true)
            } else if let drain, drain.told != nil || drain.reached != nil {
                endRun()
            } else if drain != nil {
                reach(.empty)
            } else {
                return
            }
        }
        witness.broken(.neverStuck, "goes on and on without time passing")
    }
}
