/// A time of day in the world (UTC), as clouds announce it and people read it.
public struct WallTime: Sendable, Hashable, Comparable {
    /// Time since 1970-01-01T00:00:00Z; leap seconds are not counted, as in POSIX.
    public let sinceEpoch: Duration

    /// The time that lies `sinceEpoch` behind 1970-01-01T00:00:00Z.
    public init(sinceEpoch: Duration) {
        self.sinceEpoch = sinceEpoch
    }

    /// Orders by time.
    public static func < (left: WallTime, right: WallTime) -> Bool {
        left.sinceEpoch < right.sinceEpoch
    }

    /// The time `duration` later (earlier when negative).
    public func advanced(by duration: Duration) -> WallTime {
        WallTime(sinceEpoch: sinceEpoch + duration)
    }

    /// How long it is from here to `other`.
    public func duration(to other: WallTime) -> Duration {
        other.sinceEpoch - sinceEpoch
    }
}

/// Ties the wall clock to the monotonic one, once: from then on only monotonic time counts.
public struct WallClockAnchor: Sendable, Hashable {
    /// The wall time at `moment`.
    public let wall: WallTime
    /// The moment at `wall`.
    public let moment: Moment

    /// Ties `wall` to `moment`.
    public init(wall: WallTime, moment: Moment) {
        self.wall = wall
        self.moment = moment
    }

    /// The moment at which the wall clock shows, or showed, `wall`.
    public func moment(at wall: WallTime) -> Moment {
        moment.advanced(by: self.wall.duration(to: wall))
    }

    /// What the wall clock shows, or showed, at `moment`.
    public func wall(at moment: Moment) -> WallTime {
        wall.advanced(by: self.moment.duration(to: moment))
    }
}
