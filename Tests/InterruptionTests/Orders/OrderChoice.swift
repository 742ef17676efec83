@testable import Interruption

extension Order {
    /// An order of its own for each seed: 20 to 60 steps.
    static func random(seed: UInt64) -> Order {
        var generator = SeededGenerator(seed: seed)
        let policy = Int.random(in: 0..<policies.count * 2, using: &generator)
        let count = Int.random(in: 20...60, using: &generator)
        var steps: [OrderStep] = []
        steps.reserveCapacity(count + 1)
        // Most lives begin with a Node that can be read.
        if Int.random(in: 0..<4, using: &generator) > 0 { steps.append(.read(isAnswered: true)) }
        for _ in 0..<count { steps.append(.random(using: &generator)) }
        // The settings by default are worth more than the others.
        return Order(policy: policy < policies.count ? policy : 0, seed: seed, steps: steps)
    }
}

extension OrderStep {
    private static let pauses = [100, 600, 1000, 3000, 10_000, 35_000, 65_000, 130_000, 300_000, 900_000]
    private static let times = [5, 20, 60, 120, 400, 1200, 2400]

    /// Any step, the frequent ones more often.
    static func random(using generator: inout SeededGenerator) -> OrderStep {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<17: return .announce(.random(using: &generator))
        case 17..<24: return .withdraw(.random(using: &generator))
        case 24..<28: return .name(.random(using: &generator), in: pick(times, using: &generator))
        case 28..<32: return .poll(.random(using: &generator))
        case 32..<34: return .fail(.random(using: &generator))
        case 34..<36: return .heal(.random(using: &generator))
        case 36..<41: return .read(isAnswered: Int.random(in: 0..<4, using: &generator) > 0)
        case 41..<49: return .cordonLands
        case 49..<57: return .runReaches(pick([.empty, .empty, .failed, .deadlineReached], using: &generator))
        case 57..<66: return .runEnds
        case 66..<70: return .writeLands
        case 70..<74: return .giveBack(succeeds: Bool.random(using: &generator))
        case 74..<75: return .lateGiveBack
        case 75..<79: return .personUncordons
        case 79..<81: return .personCordons
        case 81..<82: return .personDrains
        case 82..<83: return .stop
        case 83..<87: return .restart
        case 87..<88: return .reboot
        default: return .pass(milliseconds: pick(pauses, using: &generator))
        }
    }

    private static func pick<Value>(_ values: [Value], using generator: inout SeededGenerator) -> Value {
        values[Int.random(in: 0..<values.count, using: &generator)]
    }
}

extension PlayedCloud.Slot {
    fileprivate static func random(using generator: inout SeededGenerator) -> Self {
        allCases[Int.random(in: 0..<allCases.count, using: &generator)]
    }
}

extension PlayedCloud.Source {
    fileprivate static func random(using generator: inout SeededGenerator) -> Self {
        allCases[Int.random(in: 0..<allCases.count, using: &generator)]
    }
}
