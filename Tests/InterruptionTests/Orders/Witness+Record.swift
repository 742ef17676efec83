@testable import Interruption

extension Witness {
    /// What a record means to a new life, entry by entry.
    mutating func resume(_ found: FoundRecord, at now: Moment) {
        for entry in found.record.notices
        where entry.id != .operatorRequest && (!found.hasRebooted || entry.ending == .givenUp) && claim(entry.id) == nil
            && !takenBack.contains(entry.id)
            && policy.strategies.strategy(for: entry.kind) != nil
        {
            claims.append(Claim(entry, isUnschedulable: found.isUnschedulable, at: now))
            if claims.last?.asks == true { joins(entry.id) }
        }
        shouldWatch = shouldWatch || found.isUnschedulable && hasClaims
    }
}

extension Claim {
    /// What is claimed by an entry that an earlier life wrote.
    fileprivate init(_ entry: NodeRecord.Entry, isUnschedulable: Bool, at now: Moment) {
        self.init(notice: entry.notice(by: Play.anchor), strategy: entry.strategy)
        isConfirmed = false
        owesSeen = false
        toldEnding = entry.ending
        let isOver = deadline <= now
        if entry.ending == .givenUp || !isUnschedulable && entry.holdsCordon && !isLoss {
            // Whoever made the node schedulable had a reason.
            state = .givenUp
        } else if entry.wasServed {
            // A node that is schedulable is not as we left it: a loss that is announced now is another one, or not averted.
            waitsForWord = !isUnschedulable && isLoss
            if waitsForWord {
                isAnew = true
                owesSeen = true
            } else {
                state = .served
            }
        } else {
            // A time that is past was wrong about the machine, unless the cloud says it again.
            waitsForWord = isOver
            hasFailed = entry.ending == .failed || entry.ending == .deadlineReached
        }
    }
}
