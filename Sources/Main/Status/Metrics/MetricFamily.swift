import Synchronization

/// All series of one metric.
final class MetricFamily: Sendable {
    /// Families with no more series than this show all of them from the start, so that a rate over the first event is not lost.
    private static let mostSeriesAtStart = 40

    let metric: Metric
    private let cells: Mutex<[[String]: MetricCell]>
    private let computed = Mutex<(@Sendable () -> Double?)?>(nil)

    init(_ metric: Metric) {
        self.metric = metric
        var cells: [[String]: MetricCell] = [:]
        if metric.kind != .gauge, metric.declaredSeries <= MetricFamily.mostSeriesAtStart {
            for values in metric.declaredValues { cells[values] = MetricCell(metric.kind) }
        }
        self.cells = Mutex(cells)
    }

    /// The series for those dimensions, made when it is asked for first.
    func cell(for dimensions: [(String, String)]) -> MetricCell {
        let values = metric.folded(dimensions)
        return cells.withLock { cells in
            if let cell = cells[values] { return cell }
            let cell = MetricCell(metric.kind)
            cells[values] = cell
            return cell
        }
    }

    /// From now on the only series' value is what `value` says when it is asked.
    func compute(_ value: @escaping @Sendable () -> Double?) {
        computed.withLock { $0 = value }
    }

    /// Writes the family, unless it has no series.
    func write(to exposition: inout Exposition) {
        if let compute = computed.withLock({ $0 }) {
            guard let value = compute() else { return }
            exposition.open(metric)
            return exposition.sample(metric.name, [], value)
        }
        let series = cells.withLock { Array($0) }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        guard !series.isEmpty else { return }
        exposition.open(metric)
        for (values, cell) in series {
            exposition.series(metric.name, Array(zip(metric.labels.map(\.name), values)), cell)
        }
    }
}
