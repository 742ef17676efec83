import Interruption
import Kubernetes
import Testing
import Transport

@testable import Drain

struct RetryPaceTests {
    private func pauses(
        _ error: KubernetesError, refusals: Int, crowd: Int = 0, toOwnTime: Duration? = .seconds(100)
    ) -> [Duration] {
        var generator = SeededGenerator(seed: 3)
        let pace = RetryPace(error: error, refusals: refusals, crowd: crowd, toOwnTime: toOwnTime)
        return (0..<50).map { _ in pace.pause(using: &generator) }
    }

    @Test func `pauses differ, so that pods refused together do not come back together`() {
        let pauses = pauses(.budgetRefused(budget: nil, message: "", retryAfter: nil), refusals: 1)
        #expect(Set(pauses).count > 40)
    }

    @Test func `under a short notice a budget is asked every two seconds or so`() {
        for pause in pauses(.budgetRefused(budget: nil, message: "", retryAfter: nil), refusals: 20) {
            #expect(pause >= .seconds(1.5) && pause <= .seconds(2.5))
        }
    }

    @Test func `with weeks to go a budget is asked twice a minute`() {
        for pause in pauses(
            .budgetRefused(budget: nil, message: "", retryAfter: nil), refusals: 20, toOwnTime: .seconds(86_400 * 14))
        {
            #expect(pause >= .seconds(22) && pause <= .seconds(38))
        }
    }

    @Test func `many pods of one budget share 25 questions a second`() {
        for pause in pauses(.budgetRefused(budget: nil, message: "", retryAfter: nil), refusals: 1, crowd: 250) {
            #expect(pause >= .seconds(7.5) && pause <= .seconds(12.5))
        }
    }

    @Test(arguments: [1, 5, 100]) func `a server that does not answer is asked again within a second`(refusals: Int) {
        for pause in pauses(.unanswered(.closed), refusals: refusals) { #expect(pause <= .seconds(1)) }
    }

    @Test func `the server's word is a lower bound`() {
        for pause in pauses(.serverFailed(status: 503, message: "", retryAfter: .seconds(7)), refusals: 1) {
            #expect(pause >= .seconds(7) && pause <= .seconds(7.25))
        }
    }

    @Test(arguments: [(1, 1.0), (2, 2), (3, 4), (4, 8), (100, 8)])
    func `the longer flow control refuses, the wider those spread who were told the same`(
        refusals: Int, spread: Double
    ) throws {
        let pauses = pauses(.throttled(retryAfter: .seconds(1)), refusals: refusals).map { $0 / .seconds(1) }
        #expect(pauses.allSatisfy { (1...1 + spread).contains($0) })
        let (least, most) = (try #require(pauses.min()), try #require(pauses.max()))
        #expect(most - least > spread * 0.8)
    }
}
