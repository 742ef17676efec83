import Interruption
import Transport

/// The machine's clock. Where there is a transport, waiting happens on its thread: a daemon that polls then wakes one thread and no other.
struct WorkTimeline: Timeline {
    let clock = SystemTimeline()
    var transport: CurlTransport?

    var now: Moment { clock.now }
    var minimumResolution: Duration { clock.minimumResolution }

    func sleep(until deadline: Moment, tolerance: Duration?) async throws {
        guard let transport else { return try await clock.sleep(until: deadline, tolerance: tolerance) }
        try await transport.pause(for: now.duration(to: deadline))
    }
}
