@testable import Interruption

/// An order that a promise was made for: short, and hard on a machine that keeps it only most of the time.
struct NamedOrder: Sendable, CustomStringConvertible {
    let description: String
    /// The promise that it asks for most.
    let promise: Promise
    let order: Order

    private init(_ description: String, _ promise: Promise, seed: UInt64 = 5, _ steps: [OrderStep]) {
        self.description = description
        self.promise = promise
        order = Order(policy: 0, seed: seed, steps: [.read(isAnswered: true)] + steps)
    }

    private static let drained: [OrderStep] = [.runReaches(.empty), .runEnds]

    static let all = [
        NamedOrder(
            "advice and a reclaim come while a booted node is given back", .served,
            [.announce(.reclaim)] + drained + [.reboot, .withdraw(.reclaim), .read(isAnswered: true)]
                + [.announce(.rebalance), .announce(.reclaim), .giveBack(succeeds: true)] + drained),
        NamedOrder(
            "what was to follow is taken back before a drain has ended", .served,
            [.announce(.maintenance), .withdraw(.maintenance), .announce(.maintenance), .announce(.reclaim)]
                + [.withdraw(.reclaim), .runEnds]),
        NamedOrder(
            "a reclaim comes while a node is given back", .endsGiveBack,
            [.announce(.maintenance)] + drained + [.withdraw(.maintenance), .announce(.reclaim)]),
        NamedOrder(
            "a reclaim comes between two tries to give a node back", .begunAtOnce,
            [.announce(.maintenance)] + drained
                + [.withdraw(.maintenance), .giveBack(succeeds: false), .announce(.reclaim)]),
        NamedOrder(
            "advice goes from a node that a person has drained", .personsCordon,
            [.personDrains, .announce(.rebalance)] + drained + [.withdraw(.rebalance)]),
        NamedOrder(
            "a reclaim comes when the time of a served maintenance has passed", .noPastDeadline,
            [.announce(.maintenance)] + drained + [.pass(milliseconds: 300_000), .announce(.reclaim)]),
        NamedOrder(
            "a drain fails", .failureServesNothing,
            [.announce(.scaleIn), .runReaches(.failed), .runEnds]),
        NamedOrder(
            "a life begins when the recorded time has passed", .noPastDeadline,
            [.announce(.reclaim), .cordonLands, .pass(milliseconds: 119_000), .restart, .pass(milliseconds: 3000)]
                + [.read(isAnswered: true)]),
        NamedOrder(
            "a person uncordons, and cordons for reasons of their own", .personsCordon,
            [.announce(.rebalance)] + drained
                + [.personUncordons, .writeLands, .personCordons, .withdraw(.rebalance)]),
        NamedOrder(
            "one of two notices is taken back", .takenBackWords,
            [.announce(.reclaim), .announce(.maintenance), .withdraw(.maintenance)]),
        NamedOrder(
            "recorded advice is gone while another source fails for good", .givesBack, seed: 2,
            [.announce(.rebalance)] + drained + [.restart, .withdraw(.rebalance), .read(isAnswered: true)]),
        NamedOrder(
            "a reclaim comes while a failed drain writes its end", .lateNotice,
            [.announce(.maintenance), .runReaches(.failed), .announce(.reclaim), .runEnds]),
        NamedOrder(
            "a served reclaim is announced anew on a node that takes pods again", .announcedAnew,
            [.announce(.reclaim)] + drained + [.pass(milliseconds: 130_000), .restart, .personUncordons]
                + [.read(isAnswered: true), .pass(milliseconds: 35_000), .name(.reclaim, in: 120)]),
        NamedOrder(
            "a drain that a person's uncordon has made void ends well", .served,
            [.announce(.reclaim), .runReaches(.empty), .personUncordons, .runEnds]),
        NamedOrder(
            "a notice is taken back while a node is given back for another", .givesBack,
            [.announce(.scaleIn), .announce(.maintenance)] + drained
                + [.pass(milliseconds: 300_000), .personUncordons, .withdraw(.scaleIn), .withdraw(.maintenance)]
                + [.giveBack(succeeds: true)]),
        NamedOrder(
            "a notice is taken back and announced again while its drain ends", .recorded,
            [.announce(.maintenance), .runReaches(.empty), .withdraw(.maintenance), .announce(.maintenance), .runEnds]),
    ]
}
