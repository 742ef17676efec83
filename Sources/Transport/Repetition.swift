import Synchronization

/// An answer that is no news.
public struct ExpectedAnswer: Sendable, Hashable {
    /// Most bytes of a body that is compared.
    public static let longestBody = 64

    /// Its status.
    public let status: Int
    /// Its body, to the byte; `nil` where any will do. One longer than `longestBody` is never found again.
    public let body: [UInt8]?

    /// Answers with that status, and with that body if there is one.
    public init(status: Int, body: [UInt8]? = nil) {
        self.status = status
        self.body = body
    }

    /// Whether an answer is the expected one.
    public func isMet(by status: Int, _ body: [UInt8]) -> Bool {
        guard status == self.status else { return false }
        guard let expected = self.body else { return true }
        return expected.count <= Self.longestBody && expected == body
    }
}

/// Says that an exchange is made again and again by the transport itself, as long as the answer is the expected one: polling that finds
/// nothing new then wakes no task. Used for one call.
public final class Repetition: Sendable {
    /// The time between the beginnings of two exchanges.
    public let interval: Duration
    /// The answer that is no news.
    public let expected: ExpectedAnswer
    /// Most exchanges in all; the answer to the last is returned, whatever it says.
    public let limit: Int

    private let made = Atomic<Int>(0)
    private let told: @Sendable () -> Void

    /// At most `limit` exchanges, one every `interval`, until one is not answered as `expected`; `tell` hears of each answer that another
    /// exchange follows, on the transport's thread, and returns at once.
    public init(
        every interval: Duration, whileAnswered expected: ExpectedAnswer, atMost limit: Int,
        telling tell: @escaping @Sendable () -> Void = {}
    ) {
        self.interval = interval
        self.expected = expected
        self.limit = limit
        told = tell
    }

    /// How many exchanges were followed by another one so far; all of them were answered as expected.
    public var repeats: Int { made.load(ordering: .relaxed) }

    /// Whether an answer with that status and that body is followed by another exchange.
    public func goesOn(after status: Int, _ body: [UInt8]) -> Bool {
        expected.isMet(by: status, body) && repeats + 1 < limit
    }

    /// Counts an answer that another exchange follows; for transports.
    public func count() {
        made.add(1, ordering: .relaxed)
        told()
    }
}
