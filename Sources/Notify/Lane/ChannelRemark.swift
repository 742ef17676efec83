public import Interruption

/// What became of one message in one channel, for logs and metrics; safe to print.
public struct ChannelRemark: Sendable, Hashable {
    /// The channel's word, such as `slack`.
    public let channel: String
    /// What tells it from another of its kind, such as `hooks.slack.com#3fa9c1`.
    public let redacted: String
    /// Which message.
    public let message: NotificationName
    /// The notice that it is about; `nil` for a test.
    public let notice: NoticeID?
    /// What became of it.
    public let outcome: Outcome
    /// How many tries were made.
    public let tries: Int
    /// From taking it in hand to the end.
    public let took: Duration

    /// What can become of a message.
    public enum Outcome: Sendable, Hashable {
        /// The other side has it; with its answer.
        case delivered(String)
        /// The other side will never take it like this; with the reason, and what to mend.
        case refused(String)
        /// It could not be delivered in all tries; with the last reason.
        case gaveUp(String)
        /// It was too old before it could be delivered, and was dropped; with the last reason.
        case expired(String)
        /// Newer messages came faster than the channel took them, and it was dropped.
        case crowdedOut
        /// The lane ended before it could be delivered, and it was dropped.
        case stopped
    }
}

extension ChannelRemark.Outcome {
    /// The outcome's word, for a metric's label.
    public var word: String {
        switch self {
        case .delivered: "delivered"
        case .refused: "refused"
        case .gaveUp: "gave-up"
        case .expired: "expired"
        case .crowdedOut: "crowded-out"
        case .stopped: "stopped"
        }
    }

    /// The reason or the answer, for the log.
    public var words: String {
        switch self {
        case .delivered(let words), .refused(let words), .gaveUp(let words), .expired(let words): words
        case .crowdedOut: "too many messages were waiting"
        case .stopped: "the handler stopped"
        }
    }

    /// Whether the message was dropped without an answer that settles it.
    public var isDrop: Bool {
        switch self {
        case .expired, .crowdedOut, .stopped: true
        case .delivered, .refused, .gaveUp: false
        }
    }
}
