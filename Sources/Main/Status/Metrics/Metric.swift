/// What is declared about one metric: its name, its kind, its help text and the only label values that it can have.
public struct Metric: Sendable, Hashable {
    /// The metric's name as it is exposed.
    public let name: String
    /// How its numbers behave.
    public let kind: Kind
    /// What it says, in one sentence for people.
    public let help: String
    /// Its labels in the order in which they are written.
    public let labels: [Label]

    /// How a metric's numbers behave.
    public enum Kind: Sendable, Hashable {
        /// Only grows.
        case counter
        /// Goes up and down.
        case gauge
        /// Counts observations below each of the ascending bounds.
        case histogram(bounds: [Double])

        /// The kinds without what belongs to them, as the exposition calls them.
        enum Name: String {
            case counter
            case gauge
            case histogram
        }

        /// The kind's name.
        var name: Name {
            switch self {
            case .counter: .counter
            case .gauge: .gauge
            case .histogram: .histogram
            }
        }
    }

    /// A label and the closed set of its values; anything else is folded into `other`.
    public struct Label: Sendable, Hashable {
        /// The label's name.
        public let name: String
        /// Every value that is kept apart.
        public let values: [String]

        /// A label with these values.
        public init(_ name: String, _ values: [String]) {
            self.name = name
            self.values = values
        }
    }

    /// What stands for every value that a label does not declare.
    public static let foldedValue = "other"

    /// A metric from its parts.
    public init(_ name: String, _ kind: Kind, _ help: String, labels: [Label] = []) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
    }

    /// How many series its declared label values allow, folding aside.
    var declaredSeries: Int {
        labels.reduce(1) { $0 * $1.values.count }
    }

    /// Every combination of the declared label values, in the order of the declaration.
    var declaredValues: [[String]] {
        labels.reduce([[]]) { rows, label in
            rows.flatMap { row in label.values.map { row + [$0] } }
        }
    }

    /// The label values of `dimensions` in the order of the labels; undeclared ones are folded.
    func folded(_ dimensions: [(String, String)]) -> [String] {
        labels.map { label in
            guard let value = dimensions.first(where: { $0.0 == label.name })?.1, label.values.contains(value) else {
                return Metric.foldedValue
            }
            return value
        }
    }
}
