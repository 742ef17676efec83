import TestSupport

@testable import Interruption

/// What the machine does, seen by playing it: which input leads from which phase to which, and what is wanted done on the way.
struct MachineChart {
    private struct Move: Hashable {
        let from: String
        let input: String
    }

    private var nexts: [Move: Set<String>] = [:]
    private var effects: [Move: Set<String>] = [:]

    /// The chart of so many random orders of inputs; the same seed gives the same chart.
    init(orders: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<orders { play(&generator) }
    }

    /// The phases and how one leads to another, as a Mermaid diagram.
    var diagram: String {
        var labels: [String: [String]] = [:]
        for (move, nexts) in nexts {
            for next in nexts where next != move.from {
                labels["\(move.from) --> \(next)", default: []].append(move.input)
            }
        }
        let arrows = labels.sorted { $0.key < $1.key }.map {
            "    \($0.key): \($0.value.sorted().joined(separator: ", "))"
        }
        return (["```mermaid", "stateDiagram-v2", "    [*] --> resting"] + arrows + ["```"]).joined(separator: "\n")
    }

    /// What each input can want done, phase by phase, as a table.
    var table: String {
        let rows = effects.sorted { ($0.key.from, $0.key.input) < ($1.key.from, $1.key.input) }
            .filter { !$0.value.isEmpty }
            .map { "| \($0.key.from) | \($0.key.input) | \($0.value.sorted().joined(separator: ", ")) |" }
        return (["| in | comes | may be wanted done |", "|---|---|---|"] + rows).joined(separator: "\n")
    }

    private mutating func play(_ generator: inout SeededGenerator) {
        let kinds: [NoticeKind: Strategy?] = [.rebalance: .cordonOnly, .maintenance: .evict]
        var play = PlayedMachine(DrainPolicy(strategies: StrategySelection(perKind: kinds)), isRead: false)
        for _ in 0..<40 {
            play.now = play.now.advanced(by: .seconds(Int.random(in: 0...20, using: &generator)))
            // What time alone brings about is time's, and not the next input's.
            note(.timePassed, in: &play)
            if let input = Self.input(for: play, &generator) { note(input, in: &play) }
        }
    }

    private mutating func note(_ input: NodeMachine.Input, in play: inout PlayedMachine) {
        let move = Move(from: Self.word(play.machine.phase), input: Self.word(input))
        play.take(input)
        nexts[move, default: []].insert(Self.word(play.machine.phase))
        effects[move, default: []].formUnion(play.effects.map { Self.word($0) })
    }

    private static func input(for play: PlayedMachine, _ generator: inout SeededGenerator) -> NodeMachine.Input? {
        let kind = NoticeKind.allCases.randomElement(using: &generator) ?? .reclaim
        let seconds = Int(play.now.sinceOrigin / .seconds(1)) + Int.random(in: -10...300, using: &generator)
        let one = notice("\(kind.rawValue)", kind, at: seconds, hook: kind == .scaleIn)
        switch Int.random(in: 0..<23, using: &generator) {
        case 0..<5: return .announced(one)
        case 5..<8: return .withdrawn(one.id, because: "gone")
        case 8: return .sourceAnswers("spot")
        case 9: return .sourceFails("spot", because: "503")
        case 10: return play.machine.hasReadRecord ? nil : .recordUnreadable("refused")
        case 11: return play.machine.hasReadRecord ? nil : .recordRead(nil)
        case 12:
            guard !play.machine.hasReadRecord else { return nil }
            let endings: [Report.Ending?] = [nil, .empty, .failed, .givenUp]
            let ending = endings.randomElement(using: &generator) ?? nil
            return .recordRead(
                found(
                    entry(one, ending), rebooted: Bool.random(using: &generator),
                    cordoned: Bool.random(using: &generator)))
        case 13: return .written(one.id)
        case 14: return play.run.map { .cordoned(run: $0.number) }
        case 15..<19:
            let endings: [Report.Ending] = [.empty, .empty, .failed, .deadlineReached, .stopped, .withdrawn, .givenUp]
            let ending = endings.randomElement(using: &generator) ?? .empty
            return play.run.map {
                .drainEnded(run: $0.number, Report(notice: $0.plan.notice, strategy: $0.plan.strategy, ending: ending))
            }
        case 19, 20:
            guard case .givingBack(_, let attempt) = play.machine.phase else { return nil }
            return Bool.random(using: &generator)
                ? .gaveBack(attempt: attempt, leftovers: []) : .giveBackFailed(attempt: attempt, "away")
        case 21: return play.machine.watch.map { .uncordoned(watch: $0) }
        default: return Int.random(in: 0..<8, using: &generator) == 0 ? .stop : nil
        }
    }

    /// A case's name, without what comes with it.
    private static func word(_ value: some Any) -> String {
        Mirror(reflecting: value).children.first?.label ?? "\(value)"
    }
}
