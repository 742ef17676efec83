/// An instant on this machine's monotonic clock; a stepped wall clock does not move it.
public struct Moment: InstantProtocol, Sendable {
    /// Time since an arbitrary origin, the same for the whole life of a timeline.
    public let sinceOrigin: Duration

    /// The instant that lies `sinceOrigin` behind the timeline's origin.
    public init(sinceOrigin: Duration) {
        self.sinceOrigin = sinceOrigin
    }

    /// The instant `duration` later (earlier when negative).
    public func advanced(by duration: Duration) -> Moment {
        Moment(sinceOrigin: sinceOrigin + duration)
    }

    /// How long it is from here to `other`; negative when `other` is earlier.
    public func duration(to other: Moment) -> Duration {
        other.sinceOrigin - sinceOrigin
    }

    /// Orders by time.
    public static func < (left: Moment, right: Moment) -> Bool {
        left.sinceOrigin < right.sinceOrigin
    }
}

/// The clock of everything that waits: the system's in the daemon, a manual one in tests.
public protocol Timeline: Clock, Sendable where Instant == Moment, Duration == Swift.Duration {}

/// The machine's monotonic clock, which counts suspended time too (a hibernated machine must not believe that no time has passed).
public struct SystemTimeline: Timeline {
    private let clock = ContinuousClock()
    private let origin: ContinuousClock.Instant

    /// A timeline whose origin is now.
    public init() {
        origin = clock.now
    }

    /// The present instant.
    public var now: Moment {
        Moment(sinceOrigin: origin.duration(to: clock.now))
    }

    /// What the clock can tell apart.
    public var minimumResolution: Duration { clock.minimumResolution }

    /// Waits until `deadline`; throws `CancellationError` when the task is cancelled first.
    public func sleep(until deadline: Moment, tolerance: Duration?) async throws {
        try await clock.sleep(until: origin.advanced(by: deadline.sinceOrigin), tolerance: tolerance)
    }
}
