import Interruption

/// What a run is about; the same values lead to the same run.
struct Scenario: Sendable {
    /// Who empties the nodes.
    enum Program: String, Sendable, CaseIterable, Codable {
        /// The shipped handler, one a node.
        case ours
        /// The reference system's calls and client limits, one a node.
        case reference
    }

    var program: Program
    var nodes: Int
    var podsPerNode: Int
    /// Seats for the handlers' requests.
    var seats: Int
    var seed: UInt64

    /// How long before its end a machine is announced to go.
    static let noticeTime = Duration.seconds(120)
    /// Within which time all notices come.
    static let spread = Duration.seconds(10)
    /// When the first notice comes; the handlers have started by then.
    static let begin = Moment(sinceOrigin: .seconds(40))
    /// A replacement counts for its budget that long after the pod that it replaces has gone.
    static let replacementTime = Duration.seconds(15)

    /// The end of everything.
    static var end: Moment { begin.advanced(by: spread + noticeTime + .seconds(2)) }

    /// Grace in seconds, and how many of a hundred pods have it.
    static let graces = [(5, 10), (30, 65), (60, 15), (90, 8), (110, 2)]
    /// How many of a hundred pods are under a budget, how many each budget covers, and how many of those it lets go at
    /// once.
    static let (budgeted, budgetSize, budgetAllows) = (20, 20, 4)
}
