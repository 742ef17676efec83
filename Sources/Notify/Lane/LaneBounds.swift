/// What a channel may take at most, so that people being told never costs the node anything.
public struct LaneBounds: Sendable, Hashable {
    /// Time for one try.
    public var tryTime: Duration
    /// Tries for one message.
    public var tries: Int
    /// Messages that may wait for one channel; of more, the oldest is dropped.
    public var queue: Int
    /// The pause after the first failed try; it doubles with each further one.
    public var firstPause: Duration
    /// The longest pause that the other side may ask for (`Retry-After`); who asks for more is given up.
    public var longestPause: Duration

    /// Bounds from their parts, with the documented defaults.
    public init(
        tryTime: Duration = .seconds(5),
        tries: Int = 3,
        queue: Int = 16,
        firstPause: Duration = .milliseconds(500),
        longestPause: Duration = .seconds(60)
    ) {
        self.tryTime = tryTime
        self.tries = max(1, tries)
        self.queue = max(1, queue)
        self.firstPause = firstPause
        self.longestPause = longestPause
    }
}
