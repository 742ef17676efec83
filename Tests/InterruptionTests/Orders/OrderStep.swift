@testable import Interruption

/// One thing that happens in the world around the daemon. A step that makes no sense where it comes does nothing, so that any of them
/// may be left out of an order.
enum OrderStep: Sendable, Hashable {
    /// The cloud announces a notice, and its source tells it unless it fails.
    case announce(PlayedCloud.Slot)
    /// The cloud takes it back.
    case withdraw(PlayedCloud.Slot)
    /// The cloud names its deadline: so many seconds from now.
    case name(PlayedCloud.Slot, in: Int)
    /// A source is asked again.
    case poll(PlayedCloud.Source)
    /// A source stops answering as it should.
    case fail(PlayedCloud.Source)
    /// A source answers again.
    case heal(PlayedCloud.Source)
    /// The Node is read, or cannot be.
    case read(isAnswered: Bool)
    /// The cordon of the drain that runs is accepted.
    case cordonLands
    /// The drain that runs is at its end, and begins to write that down.
    case runReaches(Report.Ending)
    /// The drain that runs is over: with the end that it reached, as it was told, or at its deadline.
    case runEnds
    /// The oldest write that is under way is accepted.
    case writeLands
    /// The try to give the node back is answered.
    case giveBack(succeeds: Bool)
    /// The answer to a try that was broken off comes all the same.
    case lateGiveBack
    /// A person makes the node schedulable.
    case personUncordons
    /// A person makes it unschedulable.
    case personCordons
    /// A person empties it by hand.
    case personDrains
    /// The daemon is told to stop.
    case stop
    /// The daemon is killed, if it still lives, and begins a new life.
    case restart
    /// The machine boots, and the daemon with it.
    case reboot
    /// So many milliseconds pass.
    case pass(milliseconds: Int)
}

/// An order of steps, and which settings the daemon has.
struct Order: Sendable, Hashable {
    /// Which of `policies` holds.
    var policy: Int
    /// What the machine's jitter comes from.
    var seed: UInt64
    /// What happens, in this order.
    var steps: [OrderStep]

    /// Settings under which orders are played: those by default, and others that make every strategy meet every kind.
    static let policies = [
        DrainPolicy(),
        DrainPolicy(strategies: StrategySelection(perKind: [.rebalance: .evict])),
        DrainPolicy(strategies: StrategySelection(perKind: [.rebalance: .cordonOnly, .reclaim: .delete])),
        DrainPolicy(strategies: StrategySelection(perKind: [.maintenance: .cordonOnly, .scaleIn: .delete])),
        DrainPolicy(strategies: StrategySelection(perKind: [.rebalance: nil, .maintenance: .evict])),
        DrainPolicy(strategies: StrategySelection(fallback: .cordonOnly)),
    ]
}

extension Order: CustomStringConvertible {
    /// The order as a person reads it, one step a line.
    var description: String {
        (["policy \(policy), machine's seed \(seed)"] + steps.map { "  \($0.words)" }).joined(separator: "\n")
    }
}

extension OrderStep {
    /// The step in a few words.
    var words: String {
        switch self {
        case .announce(let slot): "the cloud announces \(slot)"
        case .withdraw(let slot): "the cloud takes \(slot) back"
        case .name(let slot, let seconds): "the cloud names the deadline of \(slot): \(seconds) s from now"
        case .poll(let source): "\(source) is asked"
        case .fail(let source): "\(source) fails"
        case .heal(let source): "\(source) answers again"
        case .read(let isAnswered): isAnswered ? "the Node is read" : "the Node cannot be read"
        case .cordonLands: "the cordon is accepted"
        case .runReaches(let ending): "the drain reaches its end: \(ending)"
        case .runEnds: "the drain is over"
        case .writeLands: "a write is accepted"
        case .giveBack(let succeeds): succeeds ? "the node is given back" : "the node cannot be given back"
        case .lateGiveBack: "the broken-off give-back happens all the same"
        case .personUncordons: "a person uncordons"
        case .personCordons: "a person cordons"
        case .personDrains: "a person drains"
        case .stop: "the daemon is told to stop"
        case .restart: "the daemon is killed and starts again"
        case .reboot: "the machine boots"
        case .pass(let milliseconds): "\(milliseconds) ms pass"
        }
    }
}
