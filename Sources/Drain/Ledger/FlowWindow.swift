import Interruption

/// How many requests may be under way while the API server's flow control refuses some: a quarter after each refusal,
/// one more with each that is served, so that a thousand handlers share what there is instead of knocking all at once.
/// Where even a single request is refused, the node waits before it tries again: refusals come at once, so a narrow
/// window alone would let each pod be asked for every second.
struct FlowWindow: Sendable, Hashable {
    /// Into how many parts a refusal divides what was under way.
    static let cut = 4

    private let full: Int
    /// How many requests may be under way now, one at least.
    private(set) var width: Int
    /// Requests up to this number were sent before the window was narrowed last; their refusals are the same news.
    private var narrowedAfter = 0
    /// When the next request may go, since even a single one was refused; `nil` once a request was served.
    private(set) var opensAt: Moment?

    /// A window that is open as far as `full`.
    init(full: Int) {
        self.full = full
        width = full
    }

    /// A request was served, whatever the answer.
    mutating func served() {
        width = min(full, width + 1)
        opensAt = nil
    }

    /// Flow control refused the request of that number, `underWay` of them being on their way; `latest` is the last
    /// that was sent. If the window cannot be narrower, the next may go after `pause`, unless a pause runs already.
    mutating func refused(_ number: Int, latest: Int, underWay: Int, at now: Moment, pause: Duration) {
        guard number > narrowedAfter else { return }
        narrowedAfter = latest
        if width == 1, !isClosed(at: now) { opensAt = now.advanced(by: pause) }
        width = max(1, min(width, underWay) / Self.cut)
    }

    /// Whether it is too early for the next request.
    func isClosed(at now: Moment) -> Bool {
        opensAt.map { $0 > now } ?? false
    }

    /// How long who was refused waits: as long as the server `asked`, but no more than 2 s of it, and up to as long again,
    /// so that nodes that were refused together do not come back together. API priority and fairness asks for 1 s.
    static func pause(asked: Duration?, using generator: inout SeededGenerator) -> Duration {
        min(asked ?? .seconds(1), .seconds(2)) * Double.random(in: 1...2, using: &generator)
    }
}
