public import Interruption

/// Tells people in every channel, beside everything else: `post` returns at once, and a channel that hangs delays only
/// itself.
///
/// `run()` must be running for anything to be sent; what is posted before waits for it.
public final class NotificationLane: NotificationSink {
    private let couriers: [Courier]
    private let timeline: any Timeline
    private let remark: @Sendable (ChannelRemark) -> Void

    /// A lane to these channels. `remark` takes what became of each message in each channel; it must return at once.
    public init(
        channels: [any Channel],
        carriers: Carriers,
        timeline: any Timeline,
        bounds: LaneBounds = LaneBounds(),
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        remark: @escaping @Sendable (ChannelRemark) -> Void
    ) {
        self.timeline = timeline
        self.remark = remark
        couriers = channels.map { channel in
            Courier(
                channel: channel, mailbox: Mailbox(limit: bounds.queue), carriers: carriers, timeline: timeline,
                bounds: bounds, generator: generator, remark: remark)
        }
    }

    /// Sends what is posted, each channel at its own pace, until the task is cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for courier in couriers {
                group.addTask { await courier.run() }
            }
        }
    }

    /// Hands the message to every channel's mailbox; returns at once. Where a mailbox is full, its oldest message is
    /// dropped and said.
    public func post(_ notification: Notification) {
        for courier in couriers {
            switch courier.mailbox.put(notification) {
            case .waits: break
            case .crowdedOut(let oldest): remark(ChannelRemark(of: oldest, by: courier.channel, .crowdedOut))
            case .closed: remark(ChannelRemark(of: notification, by: courier.channel, .stopped))
            }
        }
    }

    /// Waits until every channel has settled what was posted, at most until `moment`. What is still open then goes on,
    /// until `run()` is cancelled.
    public func finish(by moment: Moment) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [couriers] in
                for courier in couriers { await courier.mailbox.settled() }
            }
            group.addTask { [timeline] in
                // Cancelled: everything was settled, or nobody waits any more.
                try? await timeline.sleep(until: moment, tolerance: nil)
            }
            await group.next()
            group.cancelAll()
        }
    }
}
