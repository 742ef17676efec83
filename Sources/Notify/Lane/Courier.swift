import Interruption

/// Brings the messages of one mailbox to one channel: each with a few tries, none after its expiry.
struct Courier: Sendable {
    /// The channel.
    let channel: any Channel
    /// Where its messages wait.
    let mailbox: Mailbox
    /// What carries them.
    let carriers: Carriers
    /// The clock.
    let timeline: any Timeline
    /// What a message may cost.
    let bounds: LaneBounds
    /// Where the jitter of pauses comes from.
    let generator: any RandomNumberGenerator & Sendable
    /// Takes what became of each message.
    let remark: @Sendable (ChannelRemark) -> Void

    /// Works until the task is cancelled; what then still waits is dropped and said.
    func run() async {
        var generator = generator
        await mailbox.forEach { notification in
            await remark(bring(notification, jitter: &generator))
        }
        for left in mailbox.close() {
            remark(ChannelRemark(of: left, by: channel, .stopped))
        }
    }

    private func bring(_ notification: Notification, jitter: inout any RandomNumberGenerator & Sendable) async
        -> ChannelRemark
    {
        let start = timeline.now
        var tries = 0
        var reason = "it was too old when its turn came"
        func end(_ outcome: ChannelRemark.Outcome) -> ChannelRemark {
            ChannelRemark(of: notification, by: channel, outcome, tries: tries, took: start.duration(to: timeline.now))
        }
        let attempt = Attempt(channel: channel, carriers: carriers, timeline: timeline)
        while true {
            let room = notification.expiry.map { timeline.now.duration(to: $0) }
            if let room, room <= .zero { return end(.expired(reason)) }
            tries += 1
            switch await attempt.run(notification, within: min(bounds.tryTime, room ?? bounds.tryTime)) {
            case nil: return end(.stopped)
            case .delivered(let words): return end(.delivered(words))
            case .refused(let words): return end(.refused(words))
            case .tryAgain(let after, let words):
                reason = words
                guard tries < bounds.tries else { return end(.gaveUp(words)) }
                if let after, after > bounds.longestPause {
                    return end(.gaveUp("\(words); it asks us to wait \(after.words), which is too long"))
                }
                let pause = pause(afterTry: tries, asked: after, jitter: &jitter)
                if let expiry = notification.expiry, timeline.now.advanced(by: pause) >= expiry {
                    return end(.expired(words))
                }
                do {
                    try await timeline.sleep(for: pause)
                } catch {
                    return end(.stopped)
                }
            }
        }
    }

    /// Doubling from the first pause, with up to half of it added at random so that a fleet does not knock in step;
    /// never shorter than asked.
    private func pause(
        afterTry tries: Int, asked: Duration?, jitter: inout any RandomNumberGenerator & Sendable
    ) -> Duration {
        let base = bounds.firstPause * (1 << min(tries - 1, 6))
        return max(asked ?? .zero, base) + bounds.firstPause * Double.random(in: 0..<0.5, using: &jitter)
    }
}

extension ChannelRemark {
    /// What became of `notification` in that channel.
    init(
        of notification: Notification,
        by channel: any Channel,
        _ outcome: Outcome,
        tries: Int = 0,
        took: Duration = .zero
    ) {
        self.init(
            channel: channel.name, redacted: channel.redacted, message: notification.name,
            notice: notification.notice?.id,
            outcome: outcome, tries: tries, took: took)
    }
}
