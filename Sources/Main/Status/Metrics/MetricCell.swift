import CoreMetrics
import Synchronization

/// The numbers of one series.
enum MetricCell: Sendable {
    case counter(CounterCell)
    case gauge(GaugeCell)
    case histogram(HistogramCell)

    /// A cell at zero for a metric of that kind.
    init(_ kind: Metric.Kind) {
        switch kind {
        case .counter: self = .counter(CounterCell())
        case .gauge: self = .gauge(GaugeCell())
        case .histogram(let bounds): self = .histogram(HistogramCell(bounds: bounds))
        }
    }
}

/// A number that only grows.
final class CounterCell: CounterHandler, FloatingPointCounterHandler {
    private let total = Mutex(0.0)

    /// What was counted so far.
    var value: Double { total.withLock { $0 } }

    func increment(by amount: Int64) {
        increment(by: Double(amount))
    }

    func increment(by amount: Double) {
        guard amount.isFinite, amount > 0 else { return }
        total.withLock { $0 += amount }
    }

    func reset() {
        total.withLock { $0 = 0 }
    }
}

/// A number that goes up and down.
final class GaugeCell: MeterHandler, RecorderHandler {
    private let current = Mutex(0.0)

    /// What was set last.
    var value: Double { current.withLock { $0 } }

    func set(_ value: Int64) {
        set(Double(value))
    }

    func set(_ value: Double) {
        current.withLock { $0 = value }
    }

    func increment(by amount: Double) {
        current.withLock { $0 += amount }
    }

    func decrement(by amount: Double) {
        current.withLock { $0 -= amount }
    }

    func record(_ value: Int64) {
        set(Double(value))
    }

    func record(_ value: Double) {
        set(value)
    }
}

/// Observations, counted by size.
final class HistogramCell: RecorderHandler, TimerHandler {
    /// The ascending upper bounds of the buckets; what is larger goes into a last one without a bound.
    let bounds: [Double]
    private let state: Mutex<Counts>

    /// What was observed so far.
    struct Counts: Sendable {
        /// Observations per bucket, each counted once; one entry more than there are bounds.
        var perBucket: [UInt64]
        /// The sum of all observations.
        var sum = 0.0
    }

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(Counts(perBucket: Array(repeating: 0, count: bounds.count + 1)))
    }

    /// What was observed so far.
    var counts: Counts { state.withLock { $0 } }

    func record(_ value: Int64) {
        record(Double(value))
    }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock {
            $0.perBucket[bucket] += 1
            $0.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) {
        record(Double(duration) / 1_000_000_000)
    }
}
