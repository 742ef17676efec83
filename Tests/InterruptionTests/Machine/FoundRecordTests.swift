import Testing

@testable import Interruption

@Suite struct `The machine, with a record of an earlier life` {
    private let maintenance = notice("maintenance", .maintenance, at: 1900, source: "maintenance")

    private func outlooks(_ play: PlayedMachine) -> [RecordOutlook] {
        play.effects.compactMap { if case .tell(.recordFound(_, let outlook, _)) = $0 { outlook } else { nil } }
    }

    @Test func `a drain that was under way goes on without a message, and its next announcement is known`() {
        var play = PlayedMachine(record: found(entry(notice())))
        #expect(outlooks(play) == [.goesOn])
        #expect(play.begun.map(\.plan.notice.id) == [notice().id])
        play.announce(notice())
        #expect(play.effects.isEmpty)
        play.end()
        #expect(play.posts == ["outcome spot-1 empty"])
    }

    @Test(arguments: [Report.Ending.stopped, .failed, .deadlineReached])
    func `an end that was not good goes on, too`(ending: Report.Ending) {
        let play = PlayedMachine(record: found(entry(notice(), ending)))
        #expect(play.begun.count == 1)
    }

    @Test func `a time that is past waits for the cloud to say it again, and gets half a minute then`() {
        var play = PlayedMachine(record: found(entry(notice(at: 95))))
        #expect(outlooks(play) == [.waitsForAnnouncement])
        #expect(play.begun.isEmpty)
        play.announce(notice(at: 95))
        #expect(play.begun.map(\.deadline.moment) == [Moment(sinceOrigin: .seconds(130))])
        play.cordon()
        #expect(play.posts.isEmpty)
    }

    @Test func `what was served stays served, and its hook is completed again`() {
        let hooked = notice(hook: true)
        var play = PlayedMachine(record: found(entry(hooked, .empty)))
        #expect(outlooks(play) == [.waitsForWithdrawal])
        #expect(play.effects.contains(.completeHook(play.machine.standing[0].plan.notice)))
        play.announce(notice())
        #expect(play.begun.isEmpty && play.posts.isEmpty)
        play.withdraw(notice())
        #expect(play.givenBack == ["gone operator-request"])
    }

    @Test func `a loss that was served, on a node that takes pods again, is a new one when it is announced`() {
        // Whoever's the cordon was.
        var play = PlayedMachine(record: found(entry(notice(at: 90), .empty, holdsCordon: false), cordoned: false))
        #expect(outlooks(play) == [.waitsForAnnouncement])
        play.pass(.seconds(30))
        play.announce(notice(at: 250))
        #expect(play.begun.map(\.deadline) == [notice(at: 250).deadline])
        play.cordon()
        #expect(play.posts == ["seen spot-1"])
    }

    @Test func `a later time than the one that was served and passed is a new notice`() {
        var play = PlayedMachine(record: found(entry(notice(at: 90), .empty)))
        play.announce(notice(at: 90))
        #expect(play.begun.isEmpty)
        play.announce(notice(at: 250))
        #expect(play.begun.count == 1)
        play.cordon()
        #expect(play.posts == ["seen spot-1"])
    }

    @Test func `a person who made the node schedulable meanwhile is not contradicted for maintenance`() {
        var play = PlayedMachine(record: found(entry(maintenance), cordoned: false))
        #expect(outlooks(play) == [.givenUp])
        #expect(play.effects.contains(.noteUncordon(givingUp: [maintenance.id], insistingOn: nil)))
        play.announce(maintenance)
        #expect(play.begun.isEmpty)
    }

    @Test func `a machine that was started anew is given back, but not a person's drain`() {
        let drained = entry(notice("operator-request", .maintenance))
        let play = PlayedMachine(record: found(entry(notice(), .empty), drained, rebooted: true))
        #expect(outlooks(play) == [.startedAnew, .leftToPerson])
        #expect(play.givenBack == ["the machine was started anew operator-request"])
        #expect(PlayedMachine(record: found(drained, rebooted: true)).givenBack.isEmpty)
    }

    @Test func `what nobody announces is taken back on the word of its own source, after a minute of answers`() {
        var play = PlayedMachine(record: found(entry(notice(), .empty)))
        play.take(.sourceFails("maintenance", because: "503"))
        play.pass(.seconds(300))
        #expect(play.givenBack.isEmpty)
        play.take(.sourceAnswers("spot"))
        play.pass(.seconds(59))
        #expect(play.givenBack.isEmpty)
        play.pass(.seconds(1))
        #expect(play.givenBack == ["no longer announced operator-request"])
    }

    @Test func `a kind that the settings ignore now is given back`() {
        let policy = DrainPolicy(strategies: StrategySelection(perKind: [.reclaim: nil]))
        let play = PlayedMachine(policy, record: found(entry(notice(), .empty)))
        #expect(outlooks(play) == [.ignoredNow])
        #expect(play.givenBack.count == 1)
    }

    @Test func `notices wait for the record for a second, or until it cannot be read`() {
        var play = PlayedMachine(isRead: false)
        play.announce(notice())
        #expect(play.effects.isEmpty)
        play.pass(.seconds(1))
        #expect(play.begun.count == 1)

        var refused = PlayedMachine(isRead: false)
        refused.announce(notice())
        refused.take(.recordUnreadable("refused"))
        #expect(refused.begun.count == 1)
        refused.take(.recordRead(found(entry(notice(), .empty))))
        #expect(outlooks(refused) == [.standsAlready])
    }

    @Test func `a notice that comes before a stale record is known keeps the node`() {
        var play = PlayedMachine(isRead: false)
        play.announce(notice())
        play.take(.recordRead(found(entry(notice("old", .rebalance)), rebooted: true)))
        #expect(play.givenBack.isEmpty)
        #expect(play.begun.count == 1)
    }
}
