@testable import Interruption

extension Witness {
    /// A message for people.
    mutating func posts(_ event: Notification.Event, answering input: NodeMachine.Input) {
        switch event {
        case .seen(let plan, _):
            let id = plan.notice.id
            if let claim = claim(id) {
                expect(claim.owesSeen, .seenOnce, "says again that \(id) was seen")
                update(id) { $0.owesSeen = false }
            }
        case .outcome(let report):
            let id = report.notice.id
            guard let claim = claim(id) else {
                return broken(.messagesInOrder, "tells the outcome of \(id), which does not stand")
            }
            expect(!claim.owesSeen, .messagesInOrder, "tells the outcome of \(id) before it was said to be seen")
            expect(claim.toldEnding != report.ending, .messagesInOrder, "tells twice that \(id) ended \(report.ending)")
            update(id) { $0.toldEnding = report.ending }
        case .withdrawn(let notice, _, _, let standing):
            guard let place = owedWords.firstIndex(of: notice.id) else {
                return broken(.messagesInOrder, "says without reason that \(notice.id) was taken back")
            }
            owedWords.remove(at: place)
            let claims = claims
            if let standing {
                expect(
                    claim(standing.id).map { $0.state != .givenUp } ?? false, .takenBackWords,
                    "says that the node stays as it is for \(standing.id), which does not stand")
            } else if case .gaveBack = input {
                expect(!hasClaims, .takenBackWords, "says that the node is given back while \(claims.map(\.id)) stand")
            } else {
                broken(.takenBackWords, "says that the node is given back, and it was not")
            }
        case .test: break
        }
    }

    /// News for logs and metrics.
    mutating func tells(_ news: NodeNews, answering input: NodeMachine.Input, at now: Moment) {
        guard case .withdrawn(let id, _) = news else { return }
        if case .withdrawn(id, _) = input { return }
        // The machine concludes by itself that a recorded notice is gone.
        guard let claim = claim(id) else { return broken(.ownSource, "takes \(id) for gone, which does not stand") }
        expect(!claim.isConfirmed, .ownSource, "takes \(id) for gone, which was announced in this life")
        let since = recordKnown.flatMap { known in
            claim.notice.source.flatMap { answering[$0] }.map { max($0, known) }
        }
        expect(
            since.map { $0.duration(to: now) >= .seconds(60) } ?? false, .ownSource,
            "takes \(id) for gone though its source has not answered for a minute")
        gone(id)
    }

    /// Whether all was said and done at once that had to be, in the answer to `input`.
    mutating func check(
        _ effects: [NodeMachine.Effect], answering input: NodeMachine.Input, before: [Claim], at now: Moment
    ) {
        if case .recordRead(let found) = input { checkRecord(found, effects) }
        for claim in claims where claim.isConfirmed {
            let old = before.first { $0.id == claim.id }
            if claim.isNew {
                expect(
                    effects.contains {
                        if case .tellCloud(let plan) = $0 { plan.notice.id == claim.id } else { false }
                    },
                    .cloudTold, "does not tell the cloud of \(claim.id)")
            }
            guard claim.state == .served, old?.state == .waiting else { continue }
            expect(claim.toldEnding == .empty, .messagesInOrder, "does not tell the outcome of \(claim.id)")
            if claim.notice.hasHook, claim.strategy != .cordonOnly {
                expect(
                    effects.contains {
                        if case .completeHook(let notice) = $0 { notice.id == claim.id } else { false }
                    },
                    .hooks, "does not complete the hook of \(claim.id)")
            }
        }
        if case .uncordoned = input { checkUncordon(effects, before) }
        checkState(at: now)
    }

    private mutating func checkRecord(_ found: FoundRecord?, _ effects: [NodeMachine.Effect]) {
        for entry in found?.record.notices ?? [] {
            expect(
                effects.contains { if case .tell(.recordFound(entry, _, _)) = $0 { true } else { false } },
                .recordTold, "does not tell that the record names \(entry.id)")
        }
    }

    private mutating func checkUncordon(_ effects: [NodeMachine.Effect], _ before: [Claim]) {
        guard !isStopping, before.contains(where: { $0.state != .givenUp }) else { return }
        let given = Set(
            claims.filter { claim in
                claim.state == .givenUp && before.contains { $0.id == claim.id && $0.state != .givenUp }
            }.map(\.id))
        var isTold = false
        var isWritten = false
        for effect in effects {
            if case .tell(.uncordoned(let ids, let plan)) = effect {
                isTold = Set(ids) == given && (plan != nil) == insists
            }
            if case .noteUncordon(let ids, let plan) = effect {
                isWritten = Set(ids) == given && (plan != nil) == insists
            }
        }
        expect(isTold, .uncordonSeen, "does not tell that an uncordon gives up \(given)")
        expect(isWritten, .uncordonSeen, "does not write down that an uncordon gives up \(given)")
    }
}
