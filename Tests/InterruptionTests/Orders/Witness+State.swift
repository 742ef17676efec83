@testable import Interruption

extension Witness {
    /// What holds after every answer.
    mutating func checkState(at now: Moment) {
        guard violation == nil, !isStopping, kept == nil else { return }
        let claims = claims
        if givingBack != nil {
            expect(!hasClaims, .endsGiveBack, "goes on to give back while \(claims.map(\.id)) stand")
        }
        let strongest = asking.max { $0.strategy.strength < $1.strategy.strength }
        if let running, let run = running.run {
            guard !running.isToldToEnd else { return }
            let own = claim(run.plan.notice.id)
            expect(own != nil, .strongest, "goes on with a drain for \(run.plan.notice.id), which does not stand")
            expect(
                own?.state != .givenUp, .givenUp, "goes on with a drain for \(run.plan.notice.id), which was given up")
            if let strongest {
                expect(
                    strongest.strategy.strength <= run.plan.strategy.strength, .strongest,
                    "goes on with \(run.plan.strategy) while \(strongest.id) asks for \(strongest.strategy)")
            }
            checkDeadline(running, at: now)
        } else if givingBack == nil, let fresh = asking.first(where: \.isFresh) {
            broken(.begunAtOnce, "does not begin a drain for \(fresh.id)")
        }
    }

    /// The earliest that is still ahead of those that move pods; a passed one that is drained for has half a minute more.
    private mutating func checkDeadline(_ running: UnderWay, at now: Moment) {
        guard running.deadline > now else { return }
        // What is overdue is drained for in pieces of half a minute.
        let isOverdue = claims.contains { $0.asks && $0.deadline <= now }
        if isOverdue, running.deadline <= now.advanced(by: .seconds(30)) { return }
        let wanted = claims.filter { $0.state != .givenUp }
        let moving = wanted.filter { $0.strategy != .cordonOnly }
        let ahead = (moving.isEmpty ? wanted : moving).map { $0.state == .served ? $0.deadline : $0.due }.filter {
            $0 > now
        }
        guard let earliest = ahead.min() else { return }
        expect(
            running.deadline == earliest, .deadline,
            "drains until \(now.duration(to: running.deadline)) from now, not \(now.duration(to: earliest))")
    }

    /// A person makes the node schedulable: somebody must be looking.
    mutating func personUncordons() {
        guard shouldWatch, hasClaims, !isStopping else { return }
        expect(watch != nil, .uncordonSeen, "nobody looks out for an uncordon")
    }

    /// What holds when nothing is under way and nothing more comes.
    mutating func checkRest(_ cloud: PlayedCloud, _ node: PlayedNode) {
        guard violation == nil else { return }
        for slot in PlayedCloud.Slot.allCases where cloud.stands(slot) {
            guard policy.strategies.strategy(for: slot.kind) != nil else { continue }
            guard let claim = claim(slot.id) else {
                broken(.served, "\(slot) stands at rest, and is not known")
                continue
            }
            expect(claim.state != .waiting, claim.promise, "\(slot) stands at rest, and is not served")
        }
        for claim in claims {
            expect(
                !claim.owesSeen || !claim.asks && claim.state == .waiting, .messagesInOrder,
                "\(claim.id) was never said to be seen")
            expect(cloud.stands(claim.id), .givesBack, "\(claim.id) is still served, and does not stand")
            guard claim.state != .givenUp else { continue }
            expect(
                node.entries.contains { $0.id == claim.id && $0.wasServed }, .recorded,
                "\(claim.id) is served, and the record does not say so")
            if claim.isLoss {
                expect(node.isUnschedulable, .stillEmpty, "\(claim.id) stands, and the node is schedulable")
            }
        }
        for entry in node.entries where !cloud.stands(entry.id) {
            if hasClaims {
                broken(.recorded, "\(entry.id) was taken back, and is in the record")
            } else {
                broken(.givesBack, "\(entry.id) was taken back, and nothing is given back")
            }
        }
        let owedWords = owedWords
        expect(owedWords.isEmpty, .messagesInOrder, "nobody was told that \(owedWords) were taken back")
        if node.entries.isEmpty, let holds = node.personHolds {
            expect(!holds || node.isUnschedulable, .personsCordon, "a person's cordon was undone")
            expect(holds || !node.isUnschedulable, .givesBack, "nothing stands, and the node stays cordoned")
        }
    }
}
