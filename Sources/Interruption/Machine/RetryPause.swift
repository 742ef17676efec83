/// The pauses of something that is tried again while it fails: doubled each time up to a limit, jittered, and short again after a success.
struct RetryPause: Sendable, Hashable {
    /// How often in a row it failed.
    private(set) var failures = 0
    /// When it may be tried again; `nil`: at once.
    private(set) var until: Moment?

    /// It failed at `now`: the next try is between half a pause and a whole one away.
    mutating func failed(
        at now: Moment, first: Duration, limit: Duration, using generator: inout some RandomNumberGenerator
    ) {
        let pause = min(first * (1 << min(failures, 12)), limit)
        failures += 1
        until = now.advanced(by: pause * Double.random(in: 0.5...1, using: &generator))
    }

    /// Something new has come: try at once, but remember the failures.
    mutating func hurry() { until = nil }

    /// It went well.
    mutating func wentWell() { self = RetryPause() }

    /// Whether it may be tried at `now`.
    func isOver(at now: Moment) -> Bool { until.map { $0 <= now } ?? true }
}
