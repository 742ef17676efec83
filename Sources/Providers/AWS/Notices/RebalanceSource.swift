import Interruption

/// Rebalance recommendations: advice that a reclaim has become likelier.
struct RebalanceSource: InterruptionSource {
    let loop: SourceLoop
    let facts: MachineFacts
    let clock: WorldClock
    let settings: AWSSettings

    var name: String { AWSSource.rebalance.rawValue }

    func run(reporting report: @escaping @Sendable (SourceReport) async -> Void) async {
        let interval = settings.cadence.advice
        let poll = PathPoll(path: .rebalance) { interval }
        var tracker = RebalanceTracker(assumed: settings.assumed, expiry: settings.rebalanceExpiry)
        await loop.run([poll], reporting: report) { _, value, moment in
            let machine = value == nil || tracker.stands ? nil : await facts.value(of: .instanceID)
            return tracker.read(value, at: moment, by: clock.anchor, id: NoticeID("rebalance", of: machine ?? "advice"))
        }
    }
}
