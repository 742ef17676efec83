public import Interruption
public import Logging

/// Writes each log event as one line.
public struct LineLogHandler: LogHandler {
    /// What every line of this logger carries.
    public var metadata: Logger.Metadata = [:]
    /// Events below this level are not written.
    public var logLevel: Logger.Level

    private let format: LineFormat
    private let now: @Sendable () -> WallTime
    private let write: @Sendable ([UInt8]) -> Void

    /// A handler that hands each finished line to `write`.
    public init(
        format: LineFormat,
        level: Logger.Level,
        now: @escaping @Sendable () -> WallTime,
        write: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.format = format
        self.logLevel = level
        self.now = now
        self.write = write
    }

    /// A handler that writes to `sink`, with the system's time.
    public init(format: LineFormat, level: Logger.Level, sink: LineSink) {
        self.init(format: format, level: level, now: SystemWallTime.now) { sink.write($0) }
    }

    /// One field of `metadata`.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes the event.
    public func log(event: LogEvent) {
        let fields = event.metadata.map { metadata.merging($0) { _, own in own } } ?? metadata
        write(LineBuilder.line(event, metadata: fields, at: now(), as: format))
    }
}
