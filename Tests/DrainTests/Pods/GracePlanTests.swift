import Interruption
import Testing

@testable import Drain

struct GracePlanTests {
    @Test(
        arguments: [
            (own: 30.0, limit: nil, full: 30), (own: 30, limit: 10, full: 10), (own: 5, limit: 10, full: 5),
            (own: 0, limit: nil, full: 1), (own: 30, limit: 0.5, full: 1), (own: 30, limit: 0, full: 1),
            (own: 30, limit: -7, full: 1), (own: 30, limit: 9.9, full: 9),
        ] as [(Double, Double?, Int)])
    func `the whole grace is the pod's own within the limit, and never 0`(own: Double, limit: Double?, full: Int) {
        let plan = GracePlan.sample(limit: limit.map { .seconds($0) })
        #expect(plan.full(for: .seconds(own)) == full)
    }

    @Test(arguments: [(Deadline.Certainty.announced, true), (.assumed, true), (.open, false)])
    func `under a deadline that is open nobody is overruled`(certainty: Deadline.Certainty, escalates: Bool) {
        #expect(GracePlan(.sample(), deadline: deadlineAt(120, certainty)).escalates == escalates)
    }

    @Test func `the own time is the deadline less grace and margin`() {
        #expect(GracePlan.sample(deadlineAt: 120, margin: .seconds(5)).ownTime(forGrace: 30) == second(85))
    }

    @Test(arguments: [
        (now: 0.0, margin: 5.0, grace: 30), (now: 85, margin: 5, grace: 30), (now: 85.02, margin: 5, grace: 30),
        (now: 85.999, margin: 5, grace: 30), (now: 86.5, margin: 5, grace: 29), (now: 114, margin: 5, grace: 1),
        (now: 115, margin: 5, grace: 1), (now: 119.9, margin: 5, grace: 1), (now: 500, margin: 5, grace: 1),
        (now: 90, margin: 0, grace: 30), (now: 90.02, margin: 0, grace: 29), (now: 119.5, margin: 0, grace: 1),
        (now: 90.02, margin: 0.5, grace: 29),
    ])
    func `what can be granted shrinks with the time left and is never 0`(now: Double, margin: Double, grace: Int) {
        let plan = GracePlan.sample(deadlineAt: 120, margin: .seconds(margin))
        #expect(plan.grace(upTo: 30, at: second(now)) == grace)
    }

    @Test func `an enormous grace does not overflow`() {
        let plan = GracePlan.sample()
        let full = plan.full(for: .seconds(Int64.max))
        #expect(full == Int(Int32.max))
        #expect(plan.ownTime(forGrace: full) < second(0))
        #expect(plan.grace(upTo: full, at: second(0)) == 115)
    }
}
