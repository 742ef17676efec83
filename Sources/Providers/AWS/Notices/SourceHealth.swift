import Interruption

/// Whether a source's service answers as it should, told on change and not at each poll. One lost answer of a service that worked is no
/// news; it is counted elsewhere.
struct SourceHealth: Sendable {
    /// A reading that was no answer.
    struct Fault: Sendable, Hashable {
        /// What is wrong and what a person could do.
        let words: String
        /// Whether it is worth telling only when it lasts.
        let isTransient: Bool
    }

    /// How many failures in a row make a transient fault worth telling.
    static let patience = 3

    private enum Told: Equatable {
        case nothing
        case healthy
        /// With every reason that was given since the service was healthy.
        case degraded(reasons: Set<String>)
    }

    private let source: String
    private var failing: [MetadataPath: Int] = [:]
    private var told = Told.nothing

    init(source: String) {
        self.source = source
    }

    /// What to tell after a reading of `path`; `nil` when nothing changed.
    mutating func news(of path: MetadataPath, fault: Fault?) -> SourceReport? {
        guard let fault else {
            failing[path] = nil
            guard failing.isEmpty, told != .healthy else { return nil }
            told = .healthy
            return .healthy(source: source)
        }
        failing[path, default: 0] += 1
        let lasts = failing[path, default: 0] >= SourceHealth.patience
        guard !fault.isTransient || lasts || told != .healthy else { return nil }
        var reasons: Set<String> = []
        if case .degraded(let known) = told { reasons = known }
        // Bounded, because a service may find ever new ways to fail.
        guard reasons.count < 16, reasons.insert(fault.words).inserted else { return nil }
        told = .degraded(reasons: reasons)
        return .degraded(source: source, because: fault.words)
    }
}
