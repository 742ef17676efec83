import Interruption

/// A client's own limit: tokens that come back at a steady rate, and turns that are given in the order of asking.
struct ClientLimit {
    private let interval: Duration
    private let burst: Int
    /// The moment at which the bucket was, or will be, empty but for the tokens that come in.
    private var debt: Moment?

    /// So many requests a second, and so many at once after a rest.
    init(perSecond: Int, burst: Int) {
        interval = .seconds(1) / perSecond
        self.burst = burst
    }

    /// When the request that is asked for at `now` may go out.
    mutating func turn(at now: Moment) -> Moment {
        // The bucket is full `burst` intervals after its debt is paid.
        let full = now.advanced(by: .zero - interval * burst)
        let next = max(debt ?? full, full).advanced(by: interval)
        debt = next
        return max(now, next)
    }
}
