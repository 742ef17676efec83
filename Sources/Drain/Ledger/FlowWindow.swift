/// How many requests may be under way while the API server's flow control refuses some: a quarter after each refusal,
/// one more with each that is served, so that a thousand handlers share what there is instead of knocking all at once.
struct FlowWindow: Sendable, Hashable {
    /// Into how many parts a refusal divides what was under way.
    static let cut = 4

    private let full: Int
    /// How many requests may be under way now, one at least.
    private(set) var width: Int
    /// Requests up to this number were sent before the window was narrowed last; their refusals are the same news.
    private var narrowedAfter = 0

    /// A window that is open as far as `full`.
    init(full: Int) {
        self.full = full
        width = full
    }

    /// A request was served, whatever the answer.
    mutating func served() {
        width = min(full, width + 1)
    }

    /// Flow control refused the request of that number, `underWay` of them being on their way; `latest` is the last
    /// that was sent.
    mutating func refused(_ number: Int, latest: Int, underWay: Int) {
        guard number > narrowedAfter else { return }
        narrowedAfter = latest
        width = max(1, min(width, underWay) / Self.cut)
    }
}
