import Interruption

/// What a person sees of a drain: a live table on a terminal, plain lines elsewhere.
struct DrainView {
    private var pods: [String: PodOutcome] = [:]
    private var order: [String] = []
    private var drawnLines = 0
    private let isTerminal: Bool
    private let start: Moment

    /// A view of a drain that begins now.
    init(isTerminal: Bool, start: Moment) {
        self.isTerminal = isTerminal
        self.start = start
    }

    /// The text to print for a piece of news.
    mutating func text(for progress: DrainProgress, at now: Moment, deadline: Deadline) -> String {
        let lines = note(progress).map { "\(stamp(now))  \($0)\n" }
        guard isTerminal else { return lines.joined() }
        return erased() + (isPodNews(progress) ? "" : lines.joined()) + table(at: now, deadline: deadline)
    }

    /// The text of the report, below everything else.
    func text(for report: Report, node: String) -> String {
        "\n" + ReportText.lines(for: report, node: node).joined(separator: "\n") + "\n"
    }

    private func isPodNews(_ progress: DrainProgress) -> Bool {
        if case .pod = progress { return true }
        return false
    }

    private func stamp(_ now: Moment) -> String {
        let tenths = Int(start.duration(to: now) / .milliseconds(100))
        let text = "\(tenths / 10).\(tenths % 10) s"
        return String(repeating: " ", count: max(0, 8 - text.count)) + text
    }

    private mutating func note(_ progress: DrainProgress) -> [String] {
        switch progress {
        case .cordoned(let after, let already):
            return [already ? "node was cordoned already" : "node cordoned after \(ReportText.seconds(after))"]
        case .found(let found):
            for pod in found { remember(pod) }
            let staying = found.filter { $0.fate == .skipped }
            return ["\(found.count - staying.count) pods have to leave"]
                + staying.map { "stays: \($0.namespace)/\($0.name) (\($0.detail ?? "skipped"))" }
        case .pod(let pod):
            let before = pods[key(pod)]
            remember(pod)
            guard before?.fate != pod.fate || before?.detail != pod.detail else { return [] }
            let detail = pod.detail.map { " (\($0))" } ?? ""
            return ["\(pod.fate.rawValue): \(pod.namespace)/\(pod.name)\(detail)"]
        case .retry, .uncordoned:
            return []
        case .remark(let words):
            return ["note: \(words)"]
        }
    }

    private func key(_ pod: PodOutcome) -> String { "\(pod.namespace)/\(pod.name)/\(pod.uid)" }

    private mutating func remember(_ pod: PodOutcome) {
        if pods.updateValue(pod, forKey: key(pod)) == nil { order.append(key(pod)) }
    }

    private mutating func erased() -> String {
        defer { drawnLines = 0 }
        return drawnLines == 0 ? "" : "\u{1B}[\(drawnLines)A\u{1B}[J"
    }

    private mutating func table(at now: Moment, deadline: Deadline) -> String {
        let shown = order.compactMap { pods[$0] }.filter { $0.fate != .skipped }
        guard !shown.isEmpty else { return "" }
        let open = shown.filter { ![.evicted, .deleted, .gone].contains($0.fate) }
        var lines = [
            "\(shown.count - open.count) of \(shown.count) pods out, "
                + "\(ReportText.seconds(deadline.timeLeft(at: now))) left"
        ]
        lines += open.prefix(20).map { pod in
            let name = "\(pod.namespace)/\(pod.name)"
            let fate = pod.escalated ? "\(pod.fate.rawValue), escalated" : pod.fate.rawValue
            return "  \(name.padded(to: 48)) \(fate.padded(to: 22)) \(pod.detail ?? "")"
        }
        if open.count > 20 { lines.append("  and \(open.count - 20) more") }
        drawnLines = lines.count
        return lines.joined(separator: "\n") + "\n"
    }
}

extension String {
    /// The text, with spaces behind it up to `width`.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
