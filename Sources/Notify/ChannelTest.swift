public import Interruption

/// Sends a marked message once through each channel and tells what the other side answered: `notify --test`.
public struct ChannelTest: Sendable {
    private let carriers: Carriers
    private let timeline: any Timeline
    private let tryTime: Duration

    /// What one channel's other side answered; safe to print.
    public struct Answer: Sendable, Hashable {
        /// The channel's word, such as `slack`.
        public let channel: String
        /// What tells it from another of its kind.
        public let redacted: String
        /// Whether the message was taken.
        public let isDelivered: Bool
        /// The answer, and what to mend.
        public let words: String
    }

    /// No configured channel has that name.
    public struct UnknownChannel: Error, Sendable, Hashable, CustomStringConvertible {
        /// The name that was asked for.
        public let name: String
        /// The names that there are.
        public let configured: [String]

        /// What is wrong, and what there is.
        public var description: String {
            let names = configured.isEmpty ? "none" : configured.joined(separator: ", ")
            return "no channel `\(name.singleLine)` is configured; configured are: \(names)"
        }
    }

    /// A test by those carriers; each channel gets `tryTime`.
    public init(carriers: Carriers, timeline: any Timeline, tryTime: Duration = .seconds(5)) {
        self.carriers = carriers
        self.timeline = timeline
        self.tryTime = tryTime
    }

    /// Tests all of `channels`, or the one named `only`, side by side; answers come in the channels' order.
    ///
    /// `notification` should be one with the event `test`.
    public func run(_ channels: [any Channel], only: String? = nil, sending notification: Notification)
        async throws(UnknownChannel) -> [Answer]
    {
        let chosen = channels.filter { only == nil || $0.name == only }
        if let only, chosen.isEmpty {
            throw UnknownChannel(name: only, configured: channels.map(\.name))
        }
        let answers = await withTaskGroup(of: (Int, Answer).self) { group in
            for (index, channel) in chosen.enumerated() {
                group.addTask { (index, await answer(of: channel, to: notification)) }
            }
            var answers: [(Int, Answer)] = []
            for await answer in group { answers.append(answer) }
            return answers
        }
        return answers.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private func answer(of channel: any Channel, to notification: Notification) async -> Answer {
        let attempt = Attempt(channel: channel, carriers: carriers, timeline: timeline)
        let (isDelivered, words): (Bool, String) =
            switch await attempt.run(notification, within: tryTime) {
            case .delivered(let words): (true, words)
            case .refused(let words): (false, words)
            case .tryAgain(_, let words): (false, words)
            case nil: (false, "stopped before there was an answer")
            }
        return Answer(channel: channel.name, redacted: channel.redacted, isDelivered: isDelivered, words: words)
    }
}
