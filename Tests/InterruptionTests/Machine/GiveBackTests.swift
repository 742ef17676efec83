import Testing

@testable import Interruption

@Suite struct `The machine, when a notice is taken back` {
    private let advice = notice("rebalance", .rebalance, at: 4000)

    @Test func `the drain ends, the node is given back, and people are told`() {
        var play = PlayedMachine()
        play.announce(notice())
        play.cordon()
        play.withdraw(notice())
        #expect(play.effects.contains(.endDrain(.withdrawn)))
        play.end(.withdrawn)
        #expect(play.givenBack == ["gone operator-request"])
        play.gaveBack(leftovers: ["a taint"])
        #expect(play.posts == ["withdrawn spot-1"])
    }

    @Test func `while another notice stands nothing is given back, the record forgets it, and people know why`() {
        var play = PlayedMachine()
        play.announce(advice)
        play.end()
        play.announce(notice())
        play.withdraw(advice)
        #expect(play.givenBack.isEmpty)
        #expect(play.effects.contains(.forget(advice.id)))
        #expect(play.posts == ["withdrawn rebalance, stays for spot-1"])
    }

    @Test func `a notice that comes while the node is given back ends that at once`() {
        var play = PlayedMachine()
        play.announce(advice)
        play.end()
        play.withdraw(advice)
        #expect(play.givenBack.count == 1)
        play.announce(notice())
        #expect(play.effects.contains(.endGiveBack))
        #expect(play.begun.map(\.plan.notice) == [notice()])
        #expect(play.posts == ["withdrawn rebalance, stays for spot-1"])
        // Its late answer is nobody's.
        play.take(.gaveBack(attempt: 2, leftovers: []))
        #expect(play.effects.isEmpty)
    }

    @Test func `of notices that come together the strongest is begun, and none is left`() {
        var play = PlayedMachine(record: found(entry(notice("old", .rebalance)), rebooted: true))
        #expect(play.givenBack.count == 1)
        play.announce(advice)
        play.announce(notice())
        play.end(.stopped)
        #expect(play.begun.map(\.plan.notice) == [notice()])
        play.end()
        #expect(play.run == nil)
        #expect(play.machine.strongest == nil)
    }

    @Test func `a try that fails is made again with growing pauses, until it succeeds`() {
        var play = PlayedMachine()
        play.announce(notice())
        play.end()
        play.withdraw(notice())
        var tries = 0
        for _ in 0..<5 {
            guard case .givingBack(_, let attempt) = play.machine.phase else { break }
            tries += 1
            play.take(.giveBackFailed(attempt: attempt, "not ready"))
            #expect(play.givenBack.isEmpty)
            play.pass(.seconds(30))
        }
        #expect(tries == 5)
        play.gaveBack()
        #expect(play.posts == ["withdrawn spot-1"])
        #expect(play.machine.wakeUp == nil)
    }

    @Test func `a plan that was to take over and is withdrawn itself leaves no notice unserved`() {
        var play = PlayedMachine()
        let first = notice("maintenance", .maintenance, at: 1900)
        play.announce(notice())
        play.withdraw(notice())
        play.announce(notice())
        play.announce(first)
        play.withdraw(first)
        play.end(.withdrawn)
        #expect(play.begun.map(\.plan.notice) == [notice()])
    }

    @Test func `a notice that is withdrawn while the node is given back without it is given back, too`() {
        let maintenance = notice("maintenance", .maintenance, at: 1900, source: "maintenance")
        var given = PlayedMachine(record: found(entry(notice(), .empty), entry(maintenance, .givenUp)))
        given.withdraw(notice())
        #expect(given.givenBack == ["gone maintenance operator-request"])
        given.withdraw(maintenance)
        given.gaveBack()
        #expect(given.posts == ["withdrawn spot-1"])
        #expect(given.givenBack == ["gone operator-request"])
        given.gaveBack()
        #expect(given.posts == ["withdrawn maintenance"])
    }

    @Test func `nothing is given back before the record was read`() {
        var play = PlayedMachine(isRead: false)
        play.take(.recordUnreadable("refused"))
        play.announce(notice())
        play.end()
        play.withdraw(notice())
        #expect(play.givenBack.isEmpty)
        play.take(.recordRead(nil))
        #expect(play.givenBack.count == 1)
    }
}
