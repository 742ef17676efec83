import Interruption

/// Spot reclaims, from both paths: `instance-action` at the poll interval, the older `termination-time` beside it.
struct SpotSource: InterruptionSource {
    let loop: SourceLoop
    let facts: MachineFacts
    let clock: WorldClock
    let settings: AWSSettings

    var name: String { AWSSource.spot.rawValue }

    func run(reporting report: @escaping @Sendable (SourceReport) async -> Void) async {
        let cadence = settings.cadence
        let facts = facts
        let polls = [
            PathPoll(path: .spotInstanceAction) { facts.isOnDemand ? cadence.onDemand : cadence.poll },
            PathPoll(path: .spotTerminationTime) {
                facts.isOnDemand ? max(cadence.onDemand, cadence.terminationTime) : cadence.terminationTime
            },
        ]
        var tracker = SpotTracker(assumed: settings.assumed)
        var learning = LearningTries()
        await loop.run(polls, reporting: report) { path, value, moment in
            if value != nil || learning.isWorthATry {
                await learning.learn(facts, only: value == nil ? nil : .instanceID)
            }
            let id = NoticeID("spot", of: facts.remembered(.instanceID) ?? "interruption")
            return path == .spotInstanceAction
                ? tracker.actionRead(value, at: moment, by: clock.anchor, id: id)
                : tracker.terminationTimeRead(value, at: moment, by: clock.anchor, id: id)
        }
    }
}

/// Learns who the machine is after the first answers, so that a notice need not wait for it; gives up after a few tries, because the
/// machine may have no such facts.
struct LearningTries: Sendable {
    private var left = 3

    /// Whether the facts may still be missing.
    var isWorthATry: Bool { left > 0 }

    /// Reads `only`, or what every source needs.
    mutating func learn(_ facts: MachineFacts, only: MetadataPath? = nil) async {
        guard left > 0 else { return }
        left -= 1
        let wanted = only.map { [$0] } ?? [.instanceID, .instanceLifeCycle]
        var isComplete = true
        for fact in wanted where await facts.value(of: fact) == nil { isComplete = false }
        if isComplete { left = 0 }
    }
}
