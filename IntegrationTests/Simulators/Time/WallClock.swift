import FoundationEssentials
import Synchronization

/// Where a simulator learns what time it is.
public protocol WallClock: Sendable {
    /// The present instant.
    var now: WallTime { get }
}

/// The machine's own clock.
public struct SystemWallClock: WallClock {
    /// A reader of the machine's clock.
    public init() {}

    /// The present instant.
    public var now: WallTime {
        WallTime(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }
}

/// A clock that stands still until it is told to move.
public final class ManualWallClock: WallClock {
    private let time: Mutex<WallTime>

    /// A clock that stands at that instant.
    public init(_ start: WallTime = WallTime(seconds: 1_795_000_000)) {
        time = Mutex(start)
    }

    /// The instant the clock stands at.
    public var now: WallTime {
        time.withLock { $0 }
    }

    /// Moves the clock.
    public func advance(by duration: Duration) {
        time.withLock { $0 = $0.advanced(by: duration) }
    }
}
