/// How a cell of the fault matrix ends.
enum CellEnding: String, Sendable {
    /// The node was empty before the deadline.
    case drained = "drained"
    /// The metadata service was told to be degraded and then to answer again, and the notice after it was acted on.
    case recovered = "degraded, ready, drained"
    /// The next life found the record and went on.
    case resumed = "resumed, drained"
    /// The first life ended before there was anything to record; the next one did everything.
    case nextLife = "next life drained"
    /// The node was emptied and the hook completed.
    case completed = "drained, hook completed"
    /// The node was emptied; the cloud refused for good, and waits for its own timeout.
    case hookLeft = "drained, hook left"
    /// The node was cleaned of all that was ours.
    case givenBack = "given back"
    /// All that was ours is gone, and the cordon that a person wants is there.
    case leftToPerson = "cordon left to the person"

    /// Whether this end is as good as the stated one: a busy machine may answer too late once, without a fault, and a signal may arrive when
    /// there is a record already.
    func satisfies(_ stated: CellEnding) -> Bool {
        switch (self, stated) {
        case (.recovered, .drained), (.resumed, .nextLife): true
        // A service that refuses is asked less, so a source may say that it is well again when the node is empty already.
        case (.drained, .recovered): true
        default: self == stated
        }
    }
}

extension Evidence {
    /// How the cell ended, by what was seen; `nil` when it came to no good end.
    func ending(in phase: Phase) -> CellEnding? {
        guard isEmpty else { return nil }
        if phase == .givingBack { return isGivenBack ? .givenBack : isLeftToPerson ? .leftToPerson : nil }
        if phase == .completing { return isHookCompleted ? .completed : .hookLeft }
        if lives.count > 1 {
            return lines.contains { $0.contains("drain of an earlier life goes on") } ? .resumed : .nextLife
        }
        let fell = lines.firstIndex { $0.contains("metadata source does not answer as it should") }
        let rose = lines.lastIndex { $0.contains("metadata source answers again") }
        // The company's notice was seen before.
        let seen = lines.lastIndex { $0.contains("notice seen") }
        if let fell, let rose, let seen, fell < rose, fell < seen { return .recovered }
        return .drained
    }
}
