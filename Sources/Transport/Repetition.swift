import Synchronization

/// Says that an exchange is made again and again by the transport itself, as long as the answer has one status and no more: polling that finds
/// nothing then wakes no task. Used for one call.
public final class Repetition: Sendable {
    /// The time between the beginnings of two exchanges.
    public let interval: Duration
    /// The status that is no news.
    public let status: Int
    /// Most exchanges in all; the answer to the last is returned, whatever it says.
    public let limit: Int

    private let made = Atomic<Int>(0)
    private let told: @Sendable () -> Void

    /// At most `limit` exchanges, one every `interval`, until one is not answered with `status`; `tell` hears of each answer that another
    /// exchange follows, on the transport's thread, and returns at once.
    public init(
        every interval: Duration, whileAnswered status: Int, atMost limit: Int,
        telling tell: @escaping @Sendable () -> Void = {}
    ) {
        self.interval = interval
        self.status = status
        self.limit = limit
        told = tell
    }

    /// How many exchanges were followed by another one so far; all of them were answered with the status.
    public var repeats: Int { made.load(ordering: .relaxed) }

    /// Whether an answer with that status is followed by another exchange.
    public func goesOn(after status: Int) -> Bool {
        status == self.status && repeats + 1 < limit
    }

    /// Counts an answer that another exchange follows; for transports.
    public func count() {
        made.add(1, ordering: .relaxed)
        told()
    }
}
