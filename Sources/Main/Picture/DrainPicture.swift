public import Interruption

/// A drain as it is drawn: every time in seconds since the notice arrived. Plain values.
public struct DrainPicture: Sendable, Hashable {
    /// What became of one pod, and when.
    public struct Row: Sendable, Hashable {
        /// Namespace and name.
        public var name: String
        /// When something refused it first.
        public var refused: Double?
        /// When the request was accepted that it obeyed.
        public var asked: Double?
        /// When it was out.
        public var out: Double?
        /// The grace that it was given.
        public var grace: Double?
        /// What became of it.
        public var fate: String
        /// Which budget refused, or why it stayed.
        public var detail: String?
        /// Whether its budget or wish was overruled.
        public var isEscalated: Bool
    }

    /// What was drained, and why.
    public var title: String
    /// How it ended.
    public var ending: String?
    /// When the node was unschedulable.
    public var cordoned: Double?
    /// When the machine is gone.
    public var deadline: Double?
    /// What is kept free before that.
    public var margin: Double
    /// When the drain was over.
    public var ended: Double?
    /// The pods that had to leave, in the order in which they were asked.
    public var rows: [Row]

    /// The moment at which a pod has to be asked, to have its whole grace.
    func ownTime(of row: Row) -> Double? {
        guard let deadline, let grace = row.grace, deadline - margin - grace > 0 else { return nil }
        return deadline - margin - grace
    }

    /// Until when there is something to draw.
    var end: Double {
        let last = (rows.flatMap { [$0.out, $0.asked, $0.refused] } + [cordoned, ended]).compactMap(\.self).max() ?? 1
        guard let deadline else { return max(last, 1) }
        // A deadline far behind the last event would leave no room for the events.
        return deadline <= 4 * last ? max(deadline, last) : max(1.25 * last, 1)
    }

    /// Rows in the order of their being asked, those that were never asked last.
    mutating func sortRows() {
        rows.sort { left, right in
            let (one, other) = (left.asked ?? left.out ?? .infinity, right.asked ?? right.out ?? .infinity)
            return one == other ? left.name < right.name : one < other
        }
    }
}

extension DrainPicture {
    /// The picture of a drain that has ended with that report.
    public init(of report: Report, node: String, margin: Duration) {
        let left = report.timeLeft / .seconds(1)
        let pods = report.pods.filter { $0.fate != .skipped }
        let rows = pods.map { pod in
            Row(
                name: "\(pod.namespace)/\(pod.name)", refused: pod.refused.map { $0 / .seconds(1) },
                asked: pod.asked.map { $0 / .seconds(1) }, out: pod.took.map { $0 / .seconds(1) },
                grace: pod.grace.map { $0 / .seconds(1) }, fate: pod.fate.rawValue, detail: pod.detail,
                isEscalated: pod.escalated)
        }
        let ended = report.toEmpty ?? rows.compactMap(\.out).max().map { .seconds($0) }
        self.init(
            title: "Node \(node): \(report.notice.kind.rawValue), strategy \(report.strategy.rawValue)",
            ending: report.ending.rawValue, cordoned: report.toCordon.map { $0 / .seconds(1) }, deadline: nil,
            margin: margin / .seconds(1), ended: ended.map { $0 / .seconds(1) }, rows: rows)
        sortRows()
        deadline = (self.ended ?? 0) + left
    }
}
