/// How many evictions of one owner's pods may be under way, so that they do not race each other.
///
/// An eviction that a budget allows changes the budget; of several at the same time one wins, and the API server lets the
/// others sleep half a second before they try again. Whether pods share a budget cannot be seen without reading budgets,
/// but a race shows in the answers: some at once, the rest half a second late. Then few under way are faster than many
/// (110 pods of one budget: 8 to 16 take two thirds of the time that 94 take).
struct EvictionRace: Sendable, Hashable {
    /// How many may be under way until the answers tell.
    static let opening = 32
    /// How many in a race.
    static let narrow = 12
    /// After so many answers of one sort it is settled.
    static let enough = 20
    /// An answer that took no sleep, and one that did.
    static let quick = Duration.milliseconds(300)
    static let slept = Duration.milliseconds(450)

    private enum Finding: Sendable, Hashable {
        case open
        case alone
        case racing
    }

    private var finding = Finding.open
    private var quickAnswers = 0
    private var lateAnswers = 0
    /// Its evictions under way.
    private(set) var underWay = 0

    /// Whether one more may go.
    var hasRoom: Bool {
        switch finding {
        case .open: underWay < Self.opening
        case .racing: underWay < Self.narrow
        case .alone: true
        }
    }

    /// An eviction was sent.
    mutating func began() {
        underWay += 1
    }

    /// An eviction came back, without the budget being changed.
    mutating func ended() {
        underWay -= 1
    }

    /// An eviction was accepted after so long.
    mutating func accepted(after time: Duration) {
        underWay -= 1
        guard finding == .open else { return }
        if time < Self.quick { quickAnswers += 1 }
        if time >= Self.slept { lateAnswers += 1 }
        if quickAnswers > 0, lateAnswers >= max(4, quickAnswers) {
            finding = .racing
        } else if max(quickAnswers, lateAnswers) >= Self.enough {
            // Where nobody is quick, it is the server that is slow, and not a race.
            finding = .alone
        }
    }
}
