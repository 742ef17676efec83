import Interruption
import Kubernetes

// What became of all pods, and what needs to be kept for that.
extension Ledger {
    /// How many that are out are kept whole before they are reduced to what became of them, and how many of those are
    /// kept: a node on which pods come and go for hours must cost no more than one of which they go.
    static let memory = 1000

    /// What became of a pod that was taken off the entries.
    struct Departed: Sendable, Hashable {
        var turn: Int?
        var outcome: PodOutcome
    }

    /// Every pod, those that were asked first in front, those that stay last.
    func outcomes() -> [PodOutcome] {
        let ordered = entries.indices.sorted { left, right in
            let (one, other) = (entries[left], entries[right])
            if one.isStaying != other.isStaying { return other.isStaying }
            return (one.turn ?? .max, left) < (other.turn ?? .max, right)
        }
        return departed.map(\.outcome)
            + ordered.map { place in
                var outcome = entries[place].outcome(escalates: escalates, since: terms.arrival)
                if entries[place].isLeftAlone { outcome.fate = .skipped }
                return outcome
            }
    }

    /// What besides the single pods is worth telling, in words for people.
    var remarks: [String] {
        let returning = owners.filter { $0.value.comesBack }.keys.map(\.description).sorted()
        let words = returning.prefix(4).map { "\($0) \(returnWords)" }
        return words + (forgotten > 0 ? ["\(forgotten) more pods came and went"] : [])
    }

    /// The order in which pods are asked.
    mutating func sortQueue() {
        queue = entries.indices.filter { !entries[$0].isStaying && !entries[$0].isOut }.sorted { left, right in
            let (one, other) = (entries[left], entries[right])
            if one.tier != other.tier { return one.tier < other.tier }
            if one.leave != other.leave, one.leave == .first || other.leave == .first { return one.leave == .first }
            if one.pod.gracePeriod != other.pod.gracePeriod { return one.pod.gracePeriod > other.pod.gracePeriod }
            let (a, b) = (one.pod.reference, other.pod.reference)
            return (a.namespace, a.name, a.uid) < (b.namespace, b.name, b.uid)
        }
    }

    /// Reduces who is out to what became of them, once there are many.
    mutating func forgetTheGone() {
        guard entries.count >= queue.count + Self.memory,
            entries.count(where: { $0.isForgettable }) >= Self.memory
        else { return }
        for entry in entries where entry.isForgettable && !entry.isStaying {
            departed.append(
                Departed(turn: entry.turn, outcome: entry.outcome(escalates: escalates, since: terms.arrival)))
        }
        departed.sort { ($0.turn ?? .max) < ($1.turn ?? .max) }
        if departed.count > Self.memory {
            forgotten += departed.count - Self.memory
            departed = Array(departed.prefix(Self.memory))
        }
        entries.removeAll { $0.isForgettable }
        places = Dictionary(
            entries.indices.map { (entries[$0].pod.reference.uid, $0) }, uniquingKeysWith: { first, _ in first })
        let present = Set(entries.map(\.owner))
        owners = owners.filter { $0.value.comesBack || present.contains($0.key) }
        sortQueue()
    }
}

extension PodEntry {
    /// Whether nothing can be heard of it any more.
    fileprivate var isForgettable: Bool { isSeenGone && inFlight == nil }

    /// Whether it is nobody's turn: it came back, and nobody asked it.
    fileprivate var isLeftAlone: Bool { phase == .waiting && comesBack }
}
