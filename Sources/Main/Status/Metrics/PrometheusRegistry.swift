public import CoreMetrics

/// Keeps the numbers of the declared metrics and writes them down for Prometheus; a backend for swift-metrics.
///
/// A metric that was not declared, or is used as another kind, is counted nowhere.
public final class PrometheusRegistry: MetricsFactory {
    private let families: [MetricFamily]
    private let byName: [String: MetricFamily]

    /// A registry of these metrics, exposed in this order; of two with the same name the first counts.
    public init(_ metrics: [Metric]) {
        var families: [MetricFamily] = []
        var byName: [String: MetricFamily] = [:]
        for metric in metrics where byName[metric.name] == nil {
            let family = MetricFamily(metric)
            families.append(family)
            byName[metric.name] = family
        }
        self.families = families
        self.byName = byName
    }

    /// Makes the value of a metric without labels what `value` says at every scrape; `nil` leaves it out. `value` must return at once.
    public func compute(_ name: MetricName, _ value: @escaping @Sendable () -> Double?) {
        byName[name.rawValue]?.compute(value)
    }

    /// All metrics that have a value, in the text exposition format 0.0.4.
    public func exposition() -> String {
        var exposition = Exposition()
        for family in families { family.write(to: &exposition) }
        return exposition.text
    }

    /// The series for that label and those dimensions.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        guard case .counter(let cell) = cell(label, dimensions, .counter) else { return NOOPMetricsHandler.instance }
        return cell
    }

    /// The series for that label and those dimensions.
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        guard case .counter(let cell) = cell(label, dimensions, .counter) else { return NOOPMetricsHandler.instance }
        return cell
    }

    /// The series for that label and those dimensions.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        guard case .gauge(let cell) = cell(label, dimensions, .gauge) else { return NOOPMetricsHandler.instance }
        return cell
    }

    /// The series for that label and those dimensions: a histogram when it aggregates, else a gauge.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        switch cell(label, dimensions, aggregate ? .histogram : .gauge) {
        case .histogram(let cell): cell
        case .gauge(let cell): cell
        case .counter, nil: NOOPMetricsHandler.instance
        }
    }

    /// The series for that label and those dimensions: a histogram of seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        guard case .histogram(let cell) = cell(label, dimensions, .histogram) else {
            return NOOPMetricsHandler.instance
        }
        return cell
    }

    // A series that was seen once stays: Prometheus reads a vanished counter as a restart, and their number is bounded anyway.

    /// Keeps the series.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Keeps the series.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    /// Keeps the series.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Keeps the series.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Keeps the series.
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func cell(_ name: String, _ dimensions: [(String, String)], _ type: Metric.Kind.Name) -> MetricCell? {
        // A use as another kind must not even leave a series behind.
        guard let family = byName[name], family.metric.kind.name == type else { return nil }
        return family.cell(for: dimensions)
    }
}
