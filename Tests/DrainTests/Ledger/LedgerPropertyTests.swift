import Interruption
import Testing

@testable import Drain

struct LedgerPropertyTests {
    /// 20 × 600 scenarios: whatever pods, answers and deadlines come, the rules of `Scenario` hold.
    @Test(arguments: 0..<20) func `the rules hold in every scenario`(batch: Int) throws {
        for seed in 0..<600 {
            var scenario = Scenario(seed: UInt64(batch * 600 + seed))
            try scenario.play()
        }
    }

    @Test func `the scenarios do ask, refuse, tighten and escalate`() throws {
        var requests = 0
        var tightened = 0
        var escalated = 0
        for seed in 0..<200 {
            var scenario = Scenario(seed: UInt64(seed))
            try scenario.play()
            requests += scenario.requests
            tightened += scenario.hasTightened ? 1 : 0
            escalated += scenario.ledger.outcomes().count { $0.escalated }
        }
        #expect(requests > 500)
        #expect(tightened > 20)
        #expect(escalated > 50)
    }
}
