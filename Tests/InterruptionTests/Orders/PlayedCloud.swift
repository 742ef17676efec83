@testable import Interruption

/// What the cloud says of the machine, and how its sources tell it. It never lies: a source that answers announces all that stands.
struct PlayedCloud: Sendable {
    /// A place of the cloud's where notices are announced.
    enum Source: Int, Sendable, Hashable, CaseIterable {
        case spot, advice, hostWork, group

        var name: String { "\(self)" }
    }

    /// What may be announced.
    enum Slot: Int, Sendable, Hashable, CaseIterable {
        case reclaim, rebalance, maintenance, otherMaintenance, scaleIn

        var kind: NoticeKind {
            switch self {
            case .reclaim: .reclaim
            case .rebalance: .rebalance
            case .maintenance, .otherMaintenance: .maintenance
            case .scaleIn: .scaleIn
            }
        }

        var source: Source {
            switch self {
            case .reclaim: .spot
            case .rebalance: .advice
            case .maintenance, .otherMaintenance: .hostWork
            case .scaleIn: .group
            }
        }

        /// How far ahead the deadline lies, in seconds, and whether the cloud names it.
        var notice: (seconds: Int, isNamed: Bool) {
            switch self {
            case .reclaim: (120, true)
            case .rebalance: (600, false)
            case .maintenance: (300, true)
            case .otherMaintenance: (1800, true)
            case .scaleIn: (60, false)
            }
        }

        var id: NoticeID { Self.ids[rawValue] }

        private static let ids = allCases.map { NoticeID(rawValue: "\($0)") }
    }

    private struct Word: Sendable {
        var stands = false
        /// The deadline that the cloud names.
        var named: Moment?
        /// Where it names none: when the source saw the notice first in this life.
        var seen: Moment?
        /// Whether the source told of it in this life.
        var isTold = false
    }

    private var words = Slot.allCases.map { _ in Word() }
    private var fails = Source.allCases.map { _ in false }

    func stands(_ slot: Slot) -> Bool { words[slot.rawValue].stands }
    func stands(_ id: NoticeID) -> Bool { Slot.allCases.contains { $0.id == id && stands($0) } }
    func isTold(_ slot: Slot) -> Bool { words[slot.rawValue].isTold }
    func fails(_ source: Source) -> Bool { fails[source.rawValue] }

    mutating func setFails(_ source: Source, _ value: Bool) { fails[source.rawValue] = value }

    mutating func announce(_ slot: Slot, at now: Moment) {
        guard !stands(slot) else { return }
        let (seconds, isNamed) = slot.notice
        words[slot.rawValue] = Word(
            stands: true, named: isNamed ? now.advanced(by: .seconds(seconds)) : nil, isTold: isTold(slot))
    }

    mutating func withdraw(_ slot: Slot) {
        words[slot.rawValue].stands = false
    }

    mutating func name(_ slot: Slot, _ deadline: Moment) {
        words[slot.rawValue].named = deadline
    }

    /// What the daemon's sources knew went with it.
    mutating func beginLife() {
        for place in words.indices {
            words[place].seen = nil
            words[place].isTold = false
        }
    }

    /// What a source says when it is asked.
    mutating func poll(_ source: Source, at now: Moment) -> [NodeMachine.Input] {
        guard !fails(source) else { return [.sourceFails(source.name, because: "test")] }
        var inputs: [NodeMachine.Input] = []
        for slot in Slot.allCases where slot.source == source {
            if stands(slot) {
                inputs.append(.announced(told(slot, at: now)))
            } else if isTold(slot) {
                words[slot.rawValue].isTold = false
                words[slot.rawValue].seen = nil
                inputs.append(.withdrawn(slot.id, because: "taken back"))
            }
        }
        return inputs + [.sourceAnswers(source.name)]
    }

    private mutating func told(_ slot: Slot, at now: Moment) -> Notice {
        words[slot.rawValue].isTold = true
        let seen = words[slot.rawValue].seen ?? now
        words[slot.rawValue].seen = seen
        let named = words[slot.rawValue].named
        let moment = named ?? seen.advanced(by: .seconds(slot.notice.seconds))
        return Notice(
            id: slot.id, kind: slot.kind,
            deadline: Deadline(
                moment: moment, wall: Play.anchor.wall(at: moment), certainty: named == nil ? .assumed : .announced),
            words: "test", hasHook: slot == .scaleIn, source: slot.source.name)
    }
}
