import Interruption
import Testing

@testable import Drain

struct DrainClockTests {
    @Test func `the end is a moment before the deadline, for the report`() {
        let clock = DrainClock(deadline: deadlineAt(120), margin: .seconds(5), beginningAt: second(0))
        #expect(clock.end == second(119))
    }

    @Test func `without margin the deadline itself is the end`() {
        let clock = DrainClock(deadline: deadlineAt(120), margin: .zero, beginningAt: second(0))
        #expect(clock.end == second(120))
    }

    @Test(arguments: [-100.0, 0, 10, 14.9]) func `time that is up already is followed by half a minute`(
        deadline: Double
    ) {
        let clock = DrainClock(deadline: deadlineAt(deadline), margin: .seconds(5), beginningAt: second(10))
        #expect(clock.end == second(40))
    }

    @Test func `a deadline can come closer, and give way to a later one`() {
        var clock = DrainClock(deadline: deadlineAt(120), margin: .seconds(5), beginningAt: second(0))
        clock.deadlineStands(deadlineAt(60), at: second(10))
        #expect(clock.end == second(59))
        clock.deadlineStands(deadlineAt(100), at: second(11))
        #expect(clock.end == second(99))
        clock.deadlineStands(deadlineAt(12), at: second(12))
        #expect(clock.end == second(42))
        clock.deadlineStands(deadlineAt(12), at: second(30))
        #expect(clock.end == second(42))
    }

    @Test(arguments: [
        (Deadline.Certainty.assumed, 50.0, 80.0), (.open, 50, 80), (.announced, 50, 60), (.assumed, 12, 60),
    ])
    func `a guess that passes while nothing can be asked gives way to half a minute`(
        certainty: Deadline.Certainty, answer: Double, deadline: Double
    ) {
        let ordered = Deadline(moment: second(60), wall: anchor.wall(at: second(60)), certainty: certainty)
        var clock = DrainClock(deadline: ordered, margin: .seconds(5), beginningAt: second(10))
        clock.serverAnswers(at: second(answer), by: anchor)
        #expect(clock.deadline.moment == second(deadline))
        clock.deadlineStands(ordered, at: second(answer + 1))
        #expect(clock.deadline.moment == second(deadline))
    }
}
