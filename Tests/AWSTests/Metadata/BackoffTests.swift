import Interruption
import Testing

@testable import AWS

struct BackoffTests {
    @Test(arguments: [(1, 0.0625), (2, 0.125), (3, 0.25), (4, 0.5), (5, 1), (6, 2), (7, 2), (1_000_000, 2)])
    func `the window doubles up to two intervals`(failures: Int, seconds: Double) {
        #expect(Backoff.polling(every: .seconds(1)).window(after: failures) == .seconds(seconds))
    }

    @Test(arguments: [(1, 2), (2, 4), (5, 5), (30, 30)])
    func `a slow path is asked again within a few seconds, never more often than usual`(interval: Int, limit: Int) {
        #expect(Backoff.polling(every: .seconds(interval)).window(after: 100) == .seconds(limit))
    }

    @Test func `jitter fills the window evenly`() {
        let jitter = Jitter(SeededGenerator(seed: 7))
        let draws = (0..<1000).map { _ in jitter.upTo(.seconds(1)) }
        #expect(draws.allSatisfy { $0 >= .zero && $0 < .seconds(1) })
        for tenth in 0..<10 {
            let count = draws.filter { $0 >= .seconds(Double(tenth) / 10) && $0 < .seconds(Double(tenth + 1) / 10) }
                .count
            #expect((60...140).contains(count))
        }
    }
}
