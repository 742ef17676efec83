import Testing

@testable import Interruption

@Suite struct `The machine, when a person makes the node schedulable` {
    private let maintenance = notice("maintenance", .maintenance, at: 1900, source: "maintenance")

    @Test func `a drain for maintenance is given up, and told`() {
        var play = PlayedMachine()
        play.announce(maintenance)
        play.cordon()
        #expect(play.effects.contains { if case .watchNode = $0 { true } else { false } })
        play.uncordon()
        #expect(play.effects.contains(.endDrain(.unwanted)))
        #expect(play.effects.contains(.noteUncordon(givingUp: [maintenance.id], insistingOn: nil)))
        play.end(.givenUp)
        #expect(play.posts == ["outcome maintenance given-up"])
        play.announce(maintenance)
        play.pass(.seconds(3600))
        #expect(play.begun.isEmpty)
    }

    @Test func `a machine that will surely be lost is cordoned and emptied again`() {
        var play = PlayedMachine()
        play.announce(notice())
        play.cordon()
        let plan = play.run?.plan
        play.uncordon()
        #expect(play.effects.contains(.endDrain(.superseded)))
        #expect(play.effects.contains(.noteUncordon(givingUp: [], insistingOn: plan)))
        play.end(.stopped)
        #expect(play.begun.count == 1)
        play.cordon()
        #expect(play.effects.contains { if case .watchNode = $0 { true } else { false } })
    }

    @Test func `also after it was emptied, as long as its time is ahead`() {
        var play = PlayedMachine()
        play.announce(notice())
        play.cordon()
        play.end()
        play.uncordon()
        #expect(play.begun.count == 1)

        var late = PlayedMachine()
        late.announce(notice())
        late.cordon()
        late.end()
        late.pass(.seconds(200))
        late.uncordon()
        #expect(late.begun.isEmpty)
    }

    @Test func `two who undo each other's work do it ever more slowly`() {
        var play = PlayedMachine()
        play.announce(notice(at: 10_000))
        var begun = 0
        for _ in 0..<20 {
            play.cordon()
            play.uncordon()
            play.end(.stopped)
            begun += play.begun.count
            play.pass(.seconds(10))
            begun += play.begun.count
        }
        #expect((2...14).contains(begun))
    }

    @Test func `a loss that comes later is served all the same`() {
        var play = PlayedMachine()
        play.announce(maintenance)
        play.cordon()
        play.uncordon()
        play.end(.givenUp)
        play.announce(notice())
        #expect(play.begun.map(\.plan.notice) == [notice()])
        #expect(play.begun.map(\.deadline) == [notice().deadline])
        play.end()
        play.withdraw(notice())
        #expect(play.givenBack == ["gone maintenance operator-request"])
    }

    @Test func `what an earlier watch saw is nobody's news`() {
        var play = PlayedMachine()
        play.announce(maintenance)
        play.cordon()
        play.take(.uncordoned(watch: 0))
        #expect(play.effects.isEmpty)
        play.withdraw(maintenance)
        play.uncordon()
        #expect(play.effects.isEmpty)
    }

    @Test func `a good end of a drain is none on a node that was made schedulable meanwhile`() {
        var play = PlayedMachine()
        play.announce(notice())
        play.cordon()
        play.uncordon()
        play.end(.empty)
        #expect(play.begun.map(\.plan.notice) == [notice()])

        var given = PlayedMachine()
        given.announce(maintenance)
        given.cordon()
        given.uncordon()
        given.announce(notice())
        given.end(.empty)
        #expect(given.posts.contains("outcome maintenance given-up"))
        #expect(given.begun.map(\.plan.notice) == [notice()])
    }

    @Test func `beside a loss that is insisted on, advice and maintenance are given up`() {
        var play = PlayedMachine()
        play.announce(maintenance)
        play.cordon()
        play.end()
        play.announce(notice())
        play.cordon()
        let plan = play.run?.plan
        play.uncordon()
        #expect(play.effects.contains(.noteUncordon(givingUp: [maintenance.id], insistingOn: plan)))
        play.end(.stopped)
        #expect(play.posts.isEmpty)
        #expect(play.begun.map(\.plan.notice) == [notice()])
        play.end()
        play.withdraw(notice())
        #expect(play.givenBack == ["gone maintenance operator-request"])
    }

    @Test func `a person's word outlives a reboot while the cloud announces the same`() {
        var play = PlayedMachine(record: found(entry(maintenance, .givenUp), entry(notice(), .empty), rebooted: true))
        #expect(play.givenBack == ["the machine was started anew maintenance operator-request"])
        play.gaveBack()
        play.announce(maintenance)
        #expect(play.begun.isEmpty)
    }
}
