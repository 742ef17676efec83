/// Who may be served now, who waits, and who is turned away: the part of API priority and fairness that a fleet of
/// like clients meets (https://kubernetes.io/docs/concepts/cluster-administration/flow-control/).
///
/// All handlers share one service account, so they are one flow: a flow is dealt `hand` of the level's queues, and
/// whatever does not fit into those is refused at once. A request that needs several seats waits until it has all of
/// them, and nobody behind it is served before.
struct SeatDesk {
    /// Queues that one flow is dealt, and how many requests each holds: the defaults of the level `workload-low`.
    static let (hand, queueLength) = (6, 50)

    /// What becomes of a request that arrives.
    enum Reception: Equatable {
        /// It is served at once.
        case seated
        /// It waits; its ticket is called later.
        case queued
        /// 429 with `Retry-After: 1`.
        case refused
    }

    /// Requests that can be served at once.
    let seats: Int
    /// Requests that can wait.
    let places: Int
    /// Seats that are taken.
    private(set) var taken = 0
    private var waiting: [(ticket: Int, width: Int)] = []
    /// Those in front were called or have gone.
    private var head = 0

    /// A desk with so many seats.
    init(seats: Int, places: Int = Self.hand * Self.queueLength) {
        self.seats = seats
        self.places = places
    }

    /// How many wait.
    var waitingCount: Int { waiting.count - head }

    /// How many seats a request of that width really takes: never more than there are.
    func seats(for width: Int) -> Int { min(width, seats) }

    /// Somebody comes.
    mutating func arrives(_ ticket: Int, width: Int) -> Reception {
        let width = seats(for: width)
        if waitingCount == 0, taken + width <= seats {
            taken += width
            return .seated
        }
        guard waitingCount < places else { return .refused }
        waiting.append((ticket, width))
        return .queued
    }

    /// Somebody was served; returns the tickets of those who are seated now.
    mutating func leaves(width: Int) -> [Int] {
        taken -= seats(for: width)
        return call()
    }

    /// Somebody who waits goes away; returns the tickets of those who are seated now, as the one in front may have
    /// needed more seats than they do.
    mutating func givesUp(_ ticket: Int) -> [Int] {
        if let index = waiting[head...].firstIndex(where: { $0.ticket == ticket }) { waiting.remove(at: index) }
        return call()
    }

    private mutating func call() -> [Int] {
        var called: [Int] = []
        while head < waiting.count, taken + waiting[head].width <= seats {
            taken += waiting[head].width
            called.append(waiting[head].ticket)
            head += 1
        }
        if head > 1024 {
            waiting.removeFirst(head)
            head = 0
        }
        return called
    }
}
