import TestSupport
import Testing

@testable import Interruption

@Suite struct `The node's state machine` {
    private let advice = notice("rebalance", .rebalance, at: 4000)
    private let maintenance = notice("maintenance", .maintenance, at: 1900, source: "maintenance")

    @Test func `a notice is told, drained for and told to the cloud, in one go`() {
        var play = PlayedMachine()
        play.announce(notice())
        let plan = play.run?.plan
        #expect(plan?.notice == notice() && plan?.strategy == .evict)
        #expect(play.begun.map(\.deadline) == [notice().deadline])
        #expect(plan.map { play.effects.contains(.tellCloud($0)) } == true)
        #expect(play.posts.isEmpty)
        play.cordon()
        #expect(play.posts == ["seen spot-1"])
    }

    @Test func `people wait two seconds for the record, and no longer`() {
        var play = PlayedMachine()
        play.announce(notice())
        play.pass(.milliseconds(1999))
        #expect(play.posts.isEmpty)
        play.pass(.milliseconds(1))
        #expect(play.posts == ["seen spot-1"])
        play.cordon()
        #expect(play.posts.isEmpty)
    }

    @Test func `the same notice polled again does nothing`() {
        var play = PlayedMachine()
        play.announce(notice())
        play.announce(notice())
        #expect(play.effects.isEmpty)
        play.end()
        #expect(play.posts == ["seen spot-1", "outcome spot-1 empty"])
        play.announce(notice())
        #expect(play.effects.isEmpty)
    }

    @Test func `a time that moves closer moves the deadline, a later one does not`() {
        var play = PlayedMachine()
        play.announce(notice())
        play.announce(notice(at: 200))
        #expect(play.effects.contains(.setDeadline(notice(at: 200).deadline)))
        play.announce(notice(at: 210))
        #expect(play.effects.isEmpty)
    }

    @Test func `a guess gives way to what the cloud names, even to a later time, and not the other way round`() {
        var play = PlayedMachine()
        play.announce(notice("asg", .scaleIn, at: 160, .assumed))
        play.announce(notice("asg", .scaleIn, at: 3700))
        #expect(play.effects.contains(.setDeadline(notice(at: 3700).deadline)))
        play.announce(notice("asg", .scaleIn, at: 160, .assumed))
        #expect(play.effects.isEmpty)
    }

    @Test func `an ignored kind is told once`() {
        var play = PlayedMachine(DrainPolicy(strategies: StrategySelection(perKind: [.rebalance: nil])))
        play.announce(advice)
        #expect(play.effects == [.tell(.noticeIgnored(advice))])
        play.announce(advice)
        #expect(play.effects.isEmpty)
    }

    @Test func `the hook is completed after a good end only, and never for cordon-only`() {
        let hooked = notice("asg", .scaleIn, hook: true)
        var play = PlayedMachine()
        play.announce(hooked)
        play.end(.failed)
        #expect(!play.effects.contains(.completeHook(hooked)))
        play.pass(.seconds(2))
        play.end()
        #expect(play.effects.contains(.completeHook(hooked)))

        var cordon = PlayedMachine(DrainPolicy(strategies: StrategySelection(fallback: .cordonOnly)))
        cordon.announce(hooked)
        cordon.end()
        #expect(!cordon.effects.contains(.completeHook(hooked)))
    }

    @Test func `a stronger plan takes over a weaker drain, and both notices get their outcome`() {
        var play = PlayedMachine()
        play.announce(advice)
        play.announce(notice())
        #expect(play.effects.contains(.endDrain(.superseded)))
        play.end(.stopped)
        #expect(play.begun.map(\.plan.notice) == [notice()])
        play.end()
        #expect(Set(play.posts.suffix(4)).isSuperset(of: ["outcome rebalance empty", "outcome spot-1 empty"]))
    }

    @Test func `a second notice of the same strength joins the drain and may tighten it`() {
        var play = PlayedMachine()
        play.announce(maintenance)
        play.announce(notice())
        #expect(play.effects.contains(.setDeadline(notice().deadline)))
        #expect(play.effects.contains { if case .note(let plan) = $0 { plan.notice == notice() } else { false } })
        #expect(play.run?.plan.notice == maintenance)
    }

    @Test func `when the earlier of two deadlines is withdrawn, the later one rules`() {
        var play = PlayedMachine()
        play.announce(maintenance)
        play.announce(notice())
        play.withdraw(notice())
        #expect(play.effects.contains(.setDeadline(maintenance.deadline)))
        #expect(play.effects.contains(.forget(notice().id)))
    }

    @Test func `the deadline of a served notice that has passed rules nobody`() {
        var play = PlayedMachine()
        play.announce(notice("maintenance", .maintenance, at: 130))
        play.end()
        play.pass(.seconds(60))
        play.announce(notice(at: 280))
        #expect(play.begun.map(\.deadline) == [notice(at: 280).deadline])
    }

    @Test func `a notice whose time is past is drained for in half a minute`() {
        var play = PlayedMachine()
        play.announce(notice(at: 95))
        #expect(play.begun.first?.deadline.moment == Moment(sinceOrigin: .seconds(130)))
        #expect(play.begun.first?.deadline.certainty == .assumed)
    }

    @Test func `while the cloud may wait, the half minute of a time that is past is as open as it was`() {
        var play = PlayedMachine()
        play.announce(notice("asg", .scaleIn, at: 95, .open))
        #expect(play.begun.first?.deadline.certainty == .open)
    }

    @Test(arguments: [Report.Ending.failed, .deadlineReached])
    func `an end that was not good is begun again while the notice stands, and told once`(ending: Report.Ending) {
        var play = PlayedMachine()
        play.announce(notice(at: 10_000))
        play.end(ending)
        #expect(play.posts == ["seen spot-1", "outcome spot-1 \(ending.rawValue)"])
        var begun = 0
        for _ in 0..<6 {
            play.pass(.seconds(300))
            begun += play.begun.count
            play.end(ending)
            #expect(play.posts.isEmpty)
        }
        #expect(begun == 6)
        play.pass(.seconds(300))
        play.end()
        #expect(play.posts == ["outcome spot-1 empty"])
    }

    @Test func `a new notice does not wait for the pause of one that failed`() {
        var play = PlayedMachine()
        play.announce(maintenance)
        for _ in 0..<5 {
            play.end(.failed)
            play.pass(.seconds(40))
        }
        play.end(.failed)
        play.announce(notice())
        #expect(play.begun.count == 1)
    }

    @Test func `a stop at rest finishes at once, a stop in a drain ends it first`() {
        var idle = PlayedMachine()
        idle.take(.stop)
        #expect(idle.effects == [.finish])
        idle.announce(notice())
        #expect(idle.effects.isEmpty)

        var busy = PlayedMachine()
        busy.announce(notice())
        busy.take(.stop)
        #expect(busy.effects == [.endDrain(.stopping)])
        busy.end(.stopped)
        #expect(busy.effects.last == .finish)
        #expect(busy.posts.isEmpty)
    }
}
