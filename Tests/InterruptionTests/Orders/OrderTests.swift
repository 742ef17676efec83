import FoundationEssentials
import Testing

@testable import Interruption

@Suite struct `Random orders of events` {
    /// `MACHINE_ORDERS` and `MACHINE_SEED` say how many orders are played, and from which seed on.
    private static func number(_ name: String, else fallback: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? fallback
    }

    @Test func `whatever comes in whatever order, every promise is kept`() {
        let seeds = Self.number("MACHINE_SEED", else: 1)...
        var broken: Set<Promise> = []
        for seed in seeds.prefix(Int(Self.number("MACHINE_ORDERS", else: 20_000))) {
            let order = Order.random(seed: seed)
            guard let violation = Play.violation(of: order, by: NodeMachine.self),
                broken.insert(violation.promise).inserted
            else { continue }
            let (shortest, words) = Shrinker.shrunk(order, breaking: violation.promise, by: NodeMachine.self)
            Issue.record("MACHINE_SEED=\(seed): not so: \(violation.promise.rawValue)\n\(words)\n\(shortest)")
        }
    }

    @Test(arguments: NamedOrder.all) func `an order that asks for all of a promise keeps all of them`(
        _ order: NamedOrder
    ) {
        #expect(Play.violation(of: order.order, by: NodeMachine.self) == nil)
    }

    @Test(arguments: Promise.allCases) func `a machine with one flaw is found out, by its shortest order`(
        _ promise: Promise
    ) throws {
        try FlawedMachine.$flaw.withValue(promise) {
            let orders = (1...UInt64(20_000)).lazy.map(Order.random)
            let first = try #require(
                orders.first { Play.violation(of: $0, by: FlawedMachine.self, keeping: [promise]) != nil })
            let (shortest, _) = Shrinker.shrunk(first, breaking: promise, by: FlawedMachine.self)
            #expect(shortest.steps.count < first.steps.count)
            #expect(Play.violation(of: shortest, by: NodeMachine.self) == nil)
        }
    }
}
