/// How a log line is written.
public enum LineFormat: String, Sendable, CaseIterable {
    /// For people at a terminal: time, level, message, then `name=value`.
    case text
    /// One JSON object per line.
    case json
}
