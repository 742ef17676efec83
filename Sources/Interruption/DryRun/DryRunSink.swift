/// Tells people of a dry run, and says so in every message.
public struct DryRunSink: NotificationSink {
    private let sink: any NotificationSink

    /// Hands on to `sink`.
    public init(_ sink: any NotificationSink) {
        self.sink = sink
    }

    /// Hands the message on, marked.
    public func post(_ notification: Notification) {
        sink.post(notification.rehearsed)
    }

    /// Waits as `sink` does.
    public func finish(by moment: Moment) async {
        await sink.finish(by: moment)
    }
}
