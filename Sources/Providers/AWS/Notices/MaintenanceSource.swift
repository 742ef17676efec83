import Interruption

/// Scheduled maintenance of the host.
struct MaintenanceSource: InterruptionSource {
    let loop: SourceLoop
    let clock: WorldClock
    let settings: AWSSettings
    let surroundings: Surroundings

    var name: String { AWSSource.maintenance.rawValue }

    func run(reporting report: @escaping @Sendable (SourceReport) async -> Void) async {
        let interval = settings.cadence.advice
        let poll = PathPoll(path: .maintenance, holdsNothing: { MaintenanceEvent.isEmptyList($0) }) { interval }
        var tracker = MaintenanceTracker(leads: settings.leads, assumed: settings.assumed)
        await loop.run([poll], reporting: report) { _, value, moment in
            // Asked only when there is an entry that it could matter to.
            let isEmpty = (value?.count ?? 0) < 8
            let started = isEmpty ? nil : surroundings.start(at: moment, by: clock.anchor)
            return tracker.read(value, at: moment, by: clock.anchor, started: started)
        }
    }
}

extension Surroundings {
    /// When the machine was started; `nil` when the kernel does not say.
    func start(at now: Moment, by anchor: WallClockAnchor) -> WallTime? {
        // Not there on every system, and only a hint.
        guard let bytes = try? readFile("/proc/uptime"),
            let seconds = String(decoding: bytes.prefix(64), as: UTF8.self).split(whereSeparator: {
                $0 == " " || $0 == "."
            }).first
                .flatMap({ Int($0) })
        else { return nil }
        return anchor.wall(at: now).advanced(by: .seconds(-seconds))
    }
}
