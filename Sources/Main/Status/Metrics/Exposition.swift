/// Writes Prometheus' text exposition format, version 0.0.4.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
struct Exposition {
    /// What was written so far.
    private(set) var text = ""

    /// Writes what is known about a metric; its samples follow.
    mutating func open(_ metric: Metric) {
        text += "# HELP \(metric.name) \(Exposition.escaped(metric.help, quotes: false))\n"
        text += "# TYPE \(metric.name) \(metric.kind.name.rawValue)\n"
    }

    /// Writes the samples of one series.
    mutating func series(_ name: String, _ labels: [(String, String)], _ cell: MetricCell) {
        switch cell {
        case .counter(let counter):
            sample(name, labels, counter.value)
        case .gauge(let gauge):
            sample(name, labels, gauge.value)
        case .histogram(let histogram):
            let counts = histogram.counts
            var below: UInt64 = 0
            for (index, count) in counts.perBucket.enumerated() {
                below += count
                let bound = index < histogram.bounds.count ? histogram.bounds[index] : .infinity
                sample(name + "_bucket", labels + [("le", Exposition.number(bound))], Double(below))
            }
            sample(name + "_sum", labels, counts.sum)
            sample(name + "_count", labels, Double(below))
        }
    }

    /// Writes one sample.
    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.0)=\"\(Exposition.escaped($0.1, quotes: true))\"" }
            text += "{\(pairs.joined(separator: ","))}"
        }
        text += " \(Exposition.number(value))\n"
    }

    /// A number as the format wants it: whole ones without a fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        // Below this, every whole number is exact in a Double and an Int64.
        if value == value.rounded(), value.magnitude < 9e15 { return String(Int64(value)) }
        return "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
