import TestSupport
import Testing

@testable import Interruption

@Suite struct `The node's state machine` {
    private let start = Moment(sinceOrigin: .seconds(100))

    private func notice(
        _ id: String = "spot-i-1", _ kind: NoticeKind = .reclaim, at seconds: Int = 220, hook: Bool = false
    ) -> Notice {
        Notice(
            id: NoticeID(rawValue: id), kind: kind,
            deadline: Deadline(
                moment: Moment(sinceOrigin: .seconds(seconds)), wall: WallTime(sinceEpoch: .seconds(seconds)),
                certainty: .announced),
            words: "test", hasHook: hook)
    }

    private func plan(_ notice: Notice, _ strategy: Strategy = .evict) -> Plan {
        Plan(notice: notice, strategy: strategy, escalates: true, graceLimit: nil, margin: .seconds(5))
    }

    private func report(_ notice: Notice, _ ending: Report.Ending = .empty, _ strategy: Strategy = .evict) -> Report {
        Report(notice: notice, strategy: strategy, ending: ending)
    }

    @Test func `a notice is announced, drained for and told to the cloud, in that order`() {
        var machine = NodeMachine(policy: DrainPolicy())
        let plan = plan(notice())
        #expect(
            machine.noticeReported(notice(), at: start) == [
                .announceSeen(plan), .drain(plan, arrival: start), .tellCloud(plan),
            ])
    }

    @Test func `the same notice polled again does nothing`() {
        var machine = NodeMachine(policy: DrainPolicy())
        _ = machine.noticeReported(notice(), at: start)
        #expect(machine.noticeReported(notice(), at: start).isEmpty)
        _ = machine.drainEnded(report(notice()))
        #expect(machine.noticeReported(notice(), at: start).isEmpty)
    }

    @Test func `a notice whose time moves closer tightens the deadline and starts nothing`() {
        var machine = NodeMachine(policy: DrainPolicy())
        _ = machine.noticeReported(notice(), at: start)
        #expect(machine.noticeReported(notice(at: 200), at: start) == [.tighten(notice(at: 200).deadline)])
        #expect(machine.noticeReported(notice(at: 210), at: start).isEmpty)
    }

    @Test func `an ignored kind is told once`() {
        let policy = DrainPolicy(strategies: StrategySelection(perKind: [.rebalance: nil]))
        var machine = NodeMachine(policy: policy)
        let advice = notice("rebalance", .rebalance)
        #expect(machine.noticeReported(advice, at: start) == [.ignore(advice)])
        #expect(machine.noticeReported(advice, at: start).isEmpty)
        #expect(!machine.hasNotices)
    }

    @Test func `the outcome is announced once, and the hook completed`() {
        var machine = NodeMachine(policy: DrainPolicy())
        let hooked = notice("asg", .scaleIn, hook: true)
        _ = machine.noticeReported(hooked, at: start)
        let report = report(hooked)
        #expect(machine.drainEnded(report) == [.announceOutcome(report), .completeHook(hooked)])
        #expect(machine.drainEnded(report).isEmpty)
    }

    @Test func `cordon-only never completes a hook`() {
        let policy = DrainPolicy(strategies: StrategySelection(fallback: .cordonOnly))
        var machine = NodeMachine(policy: policy)
        let hooked = notice("asg", .scaleIn, hook: true)
        _ = machine.noticeReported(hooked, at: start)
        let report = report(hooked, .empty, .cordonOnly)
        #expect(machine.drainEnded(report) == [.announceOutcome(report)])
    }

    @Test func `a stronger plan takes over a weaker drain, and both notices get their outcome`() {
        var machine = NodeMachine(policy: DrainPolicy())
        let advice = notice("rebalance", .rebalance, at: 4000)
        _ = machine.noticeReported(advice, at: start)
        let spot = notice()
        #expect(
            machine.noticeReported(spot, at: start) == [
                .announceSeen(plan(spot)), .endDrain(.superseded), .tellCloud(plan(spot)),
            ])
        #expect(machine.drainEnded(report(advice, .stopped, .cordonOnly)) == [.drain(plan(spot), arrival: start)])
        #expect(
            machine.drainEnded(report(spot)) == [.announceOutcome(report(advice)), .announceOutcome(report(spot))])
    }

    @Test func `a second notice of the same strength joins the drain and may tighten it`() {
        var machine = NodeMachine(policy: DrainPolicy())
        _ = machine.noticeReported(notice("maintenance", .maintenance, at: 1900), at: start)
        let spot = notice()
        #expect(
            machine.noticeReported(spot, at: start) == [
                .announceSeen(plan(spot)), .note(plan(spot)), .tighten(spot.deadline), .tellCloud(plan(spot)),
            ])
    }

    @Test func `a notice after a finished drain drains again`() {
        var machine = NodeMachine(policy: DrainPolicy())
        _ = machine.noticeReported(notice(), at: start)
        _ = machine.drainEnded(report(notice()))
        let other = notice("maintenance", .maintenance, at: 1900)
        #expect(machine.noticeReported(other, at: start).contains(.drain(plan(other), arrival: start)))
    }

    @Test func `a withdrawn notice ends the drain, gives the node back, and says so`() {
        var machine = NodeMachine(policy: DrainPolicy())
        _ = machine.noticeReported(notice(), at: start)
        #expect(machine.noticeWithdrawn(notice().id, because: "stale") == [.endDrain(.withdrawn)])
        #expect(machine.drainEnded(report(notice(), .withdrawn)) == [.giveBack(because: "stale")])
        #expect(
            machine.gaveBack(leftovers: ["a taint"]) == [
                .announceWithdrawn(notice(), because: "stale", leftovers: ["a taint"])
            ])
        #expect(!machine.hasNotices)
        #expect(!machine.isBusy)
    }

    @Test func `a notice withdrawn after its drain gives the node back`() {
        var machine = NodeMachine(policy: DrainPolicy())
        _ = machine.noticeReported(notice(), at: start)
        _ = machine.drainEnded(report(notice()))
        #expect(machine.noticeWithdrawn(notice().id, because: "canceled") == [.giveBack(because: "canceled")])
    }

    @Test func `while another notice stands a withdrawal gives nothing back`() {
        var machine = NodeMachine(policy: DrainPolicy())
        let advice = notice("rebalance", .rebalance, at: 4000)
        _ = machine.noticeReported(advice, at: start)
        _ = machine.drainEnded(report(advice, .empty, .cordonOnly))
        _ = machine.noticeReported(notice(), at: start)
        #expect(
            machine.noticeWithdrawn(advice.id, because: "expired") == [
                .announceWithdrawn(advice, because: "expired", leftovers: [])
            ])
        #expect(machine.phase == .draining(plan(notice())))
    }

    @Test func `a notice that arrives while the node is given back is drained for afterwards`() {
        var machine = NodeMachine(policy: DrainPolicy())
        _ = machine.noticeReported(notice(), at: start)
        _ = machine.drainEnded(report(notice()))
        _ = machine.noticeWithdrawn(notice().id, because: "canceled")
        let other = notice("other", .maintenance, at: 1900)
        #expect(
            machine.noticeReported(other, at: start) == [.announceSeen(plan(other)), .tellCloud(plan(other))])
        #expect(machine.gaveBack(leftovers: []).last == .drain(plan(other), arrival: start))
    }

    @Test func `a recorded notice is drained on without a message, and its next announcement is known`() {
        var machine = NodeMachine(policy: DrainPolicy())
        #expect(
            machine.noticeRecorded(notice(), strategy: .evict, wasServed: false, at: start) == [
                .drain(plan(notice()), arrival: start), .tellCloud(plan(notice())),
            ])
        #expect(machine.noticeReported(notice(), at: start).isEmpty)
    }

    @Test func `a recorded notice that was served stays served`() {
        var machine = NodeMachine(policy: DrainPolicy())
        #expect(machine.noticeRecorded(notice(), strategy: .evict, wasServed: true, at: start).isEmpty)
        #expect(machine.noticeReported(notice(), at: start).isEmpty)
        #expect(machine.noticeWithdrawn(notice().id, because: "gone") == [.giveBack(because: "gone")])
    }

    @Test func `a served notice's hook is completed again, because nobody knows whether the last life came to that`() {
        var machine = NodeMachine(policy: DrainPolicy())
        let hooked = notice(hook: true)
        #expect(
            machine.noticeRecorded(hooked, strategy: .evict, wasServed: true, at: start)
                == [.tellCloud(plan(hooked)), .completeHook(hooked)])
        var other = NodeMachine(policy: DrainPolicy())
        #expect(other.noticeRecorded(hooked, strategy: .cordonOnly, wasServed: true, at: start).isEmpty)
    }

    @Test func `a record of another boot is given back when nothing stands`() {
        var machine = NodeMachine(policy: DrainPolicy())
        #expect(machine.recordIsStale(because: "rebooted") == [.giveBack(because: "rebooted")])
        #expect(machine.gaveBack(leftovers: []).isEmpty)
        _ = machine.noticeReported(notice(), at: start)
        #expect(machine.recordIsStale(because: "rebooted").isEmpty)
    }

    @Test func `a stop at rest finishes at once, a stop in a drain ends it first`() {
        var idle = NodeMachine(policy: DrainPolicy())
        #expect(idle.stopRequested() == [.finish])
        #expect(idle.noticeReported(notice(), at: start).isEmpty)

        var busy = NodeMachine(policy: DrainPolicy())
        _ = busy.noticeReported(notice(), at: start)
        #expect(busy.stopRequested() == [.endDrain(.stopping)])
        #expect(busy.drainEnded(report(notice(), .stopped)) == [.finish])
    }

    @Test func `no order of inputs makes two drains run at once or loses the finish`() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<5_000 {
            var machine = NodeMachine(policy: DrainPolicy())
            var running: Plan?
            var isGivingBack = false
            var isFinished = false
            for _ in 0..<30 {
                let id = "n\(Int.random(in: 0..<3, using: &generator))"
                let kind = NoticeKind.allCases.randomElement(using: &generator) ?? .reclaim
                let effects: [NodeMachine.Effect]
                switch Int.random(in: 0..<10, using: &generator) {
                case 0..<4:
                    effects = machine.noticeReported(
                        notice(id, kind, at: Int.random(in: 150..<900, using: &generator)), at: start)
                case 4..<6: effects = machine.noticeWithdrawn(NoticeID(rawValue: id), because: "x")
                case 6..<8:
                    guard let plan = running else { continue }
                    running = nil
                    effects = machine.drainEnded(report(plan.notice, .empty, plan.strategy))
                case 8:
                    guard isGivingBack else { continue }
                    isGivingBack = false
                    effects = machine.gaveBack(leftovers: [])
                default:
                    guard Int.random(in: 0..<10, using: &generator) == 0 else { continue }
                    effects = machine.stopRequested()
                }
                for effect in effects {
                    switch effect {
                    case .drain(let plan, _):
                        #expect(running == nil && !isGivingBack && !isFinished)
                        running = plan
                    case .giveBack:
                        #expect(running == nil && !isGivingBack && !isFinished)
                        isGivingBack = true
                    case .endDrain, .tighten: #expect(running != nil)
                    case .finish:
                        #expect(running == nil)
                        isFinished = true
                    default: break
                    }
                }
                #expect(machine.isBusy || running == nil)
            }
        }
    }
}
