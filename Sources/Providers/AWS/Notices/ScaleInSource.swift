import Interruption

/// The group's word that it takes this machine away.
struct ScaleInSource: InterruptionSource {
    let loop: SourceLoop
    let facts: MachineFacts
    let clock: WorldClock
    let settings: AWSSettings
    /// The group's hooks; `nil` when hooks are not wanted.
    let hooks: TerminationHooks?

    var name: String { AWSSource.scaleIn.rawValue }

    func run(reporting report: @escaping @Sendable (SourceReport) async -> Void) async {
        let interval = settings.cadence.lifecycleState
        let poll = PathPoll(path: .targetLifecycleState, holdsNothing: { LifecycleState($0).stays }) { interval }
        var tracker = ScaleInTracker(assumed: settings.assumed)
        await loop.run([poll], reporting: report) { _, value, moment in
            // The deadline cannot be loosened later, so a few seconds go into learning how long the group waits.
            guard tracker.isNews(value) else {
                return tracker.read(value, at: moment, by: clock.anchor, machine: nil, hooks: .none)
            }
            let machine = await facts.value(of: .instanceID)
            let known = await hooks?.outlook() ?? .none
            return tracker.read(value, at: loop.timeline.now, by: clock.anchor, machine: machine, hooks: known)
        }
    }
}
