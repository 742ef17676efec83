/// A place where a cloud announces interruptions. It runs and reports at its own cadence; a failing service is a degraded state, never an
/// end.
public protocol InterruptionSource: Sendable {
    /// The source's name for logs and metrics, such as `spot`.
    var name: String { get }

    /// Reports what it learns until the task is cancelled. Never ends by a fault.
    func run(reporting report: @escaping @Sendable (SourceReport) async -> Void) async
}

/// What a source says.
public enum SourceReport: Sendable, Hashable {
    /// A notice stands (told again whenever it is read again: the listener compares).
    case notice(Notice)
    /// A notice that stood was taken back, or went stale.
    case withdrawn(NoticeID, because: String)
    /// The service answered properly.
    case healthy(source: String)
    /// The service does not answer as it should; the words say what a person could do.
    case degraded(source: String, because: String)
}
