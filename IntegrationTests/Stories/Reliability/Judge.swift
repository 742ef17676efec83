/// A promise that was broken, of those that hold whatever goes wrong.
struct Violation: Sendable, Hashable, CustomStringConvertible {
    enum Kind: String, Sendable, CaseIterable {
        case exitByFault = "exits by fault"
        case missedNotice = "missed notices"
        case notEmpty = "nodes not empty at the deadline"
        case wrongPod = "pods wrongly touched"
        case noUID = "requests without a uid"
        case duplicate = "duplicate messages"
        case reopened = "nodes in service under a notice"
        case undone = "people's drains undone"
        case secret = "secrets in output"
    }

    let kind: Kind
    let words: String

    var description: String { "\(kind.rawValue): \(words)" }
}

extension Evidence {
    /// The one judge of every cell.
    var violations: [Violation] {
        deaths + misses + trespasses + repetitions + interventions
            + secrets.filter { secret in lines.contains { $0.contains(secret) } }
            .map { Violation(kind: .secret, words: "\($0.prefix(6))…") }
    }

    private var deaths: [Violation] {
        ([earlierLife].compactMap(\.self) + lives).enumerated().compactMap { index, life in
            guard let end = life.end, end != life.told else { return nil }
            let told = life.told.map { "told to end by \($0)" } ?? "told nothing"
            return Violation(kind: .exitByFault, words: "life \(index + 1) ended by \(end), \(told)")
        }
    }

    private var misses: [Violation] {
        guard wasNoticed else { return [] }
        var found: [Violation] = []
        if !wasCordoned { found.append(Violation(kind: .missedNotice, words: "the node was never cordoned")) }
        if isServerReachable, !isEmpty || timeLeft <= .zero {
            found.append(Violation(kind: .notEmpty, words: "\(staying), \(timeLeft) left"))
        }
        return found
    }

    private var trespasses: [Violation] {
        let leaving = Set(pods.filter(\.leaves).map(\.uid))
        var found: [Violation] = []
        for removal in removals {
            if removal.demanded == nil { found.append(Violation(kind: .noUID, words: removal.name)) }
            if let demanded = removal.demanded, !leaving.contains(demanded) {
                found.append(Violation(kind: .wrongPod, words: "\(removal.name) was asked for"))
            } else if (200..<300).contains(removal.status), let actual = removal.actual, !leaving.contains(actual) {
                found.append(Violation(kind: .wrongPod, words: "\(removal.name) was taken"))
            }
        }
        return found
            + pods.filter { !$0.leaves && !left.contains($0.uid) }
            .map { Violation(kind: .wrongPod, words: "\($0.name) is gone") }
    }

    private var interventions: [Violation] {
        var found: [Violation] = []
        if reopenings > 0 {
            found.append(Violation(kind: .reopened, words: "the handler made the node schedulable \(reopenings) ×"))
        }
        if isPersonsDrainDone, !isPersonsDrainKept {
            found.append(Violation(kind: .undone, words: "cordon or entry of a person's drain is gone"))
        }
        return found
    }

    /// A node that a person took into service again under a notice is announced anew, which is no repetition; nor is what a life says that
    /// could not read the record (`docs/decisions/0003-messages-at-most-once.md`).
    private var repetitions: [Violation] {
        Dictionary(grouping: messages.filter { $0.kind != .other }) { $0 }
            .filter { $0.value.count > 1 + uncordons + ($0.key.notice == unreadNotice ? 1 : 0) }
            .map {
                Violation(
                    kind: .duplicate,
                    words: "\($0.key.channel) was told \($0.value.count) × \($0.key.kind) \($0.key.notice)")
            }
    }
}
