/// A stretch of a handler's life in which something can go wrong.
enum Phase: String, Sendable, CaseIterable {
    case start
    case idle
    case noticeSeen = "notice seen"
    case cordoning
    case evicting
    case waiting
    case notifying
    case completing
    case givingBack = "giving back"

    /// What tells that it has begun.
    var entry: String {
        switch self {
        case .start: "the program is about to be started"
        case .idle: "the metadata service was asked for a notice, and has none"
        case .noticeSeen: "the metadata service was asked for the notice that it has"
        case .cordoning: "the first PATCH of the Node has arrived; it is answered 503, so that another must follow"
        case .evicting: "the first eviction has arrived; it is answered 503, the others after 200 ms"
        case .waiting: "the budget has refused an eviction"
        case .notifying: "the first message has arrived at a channel, which takes it 200 ms later"
        case .completing: "the hook's first completion has arrived; it is answered 503, so that another must follow"
        case .givingBack:
            "the notice is gone, and the PATCH that gives the Node back has arrived; it is answered 503"
        }
    }

    /// Whether the notice is there before the phase begins.
    var isAfterNotice: Bool { self != .start && self != .idle }

    /// Whether the Node carries our record when the phase begins.
    var hasRecord: Bool {
        switch self {
        case .evicting, .waiting, .notifying, .completing, .givingBack: true
        case .start, .idle, .noticeSeen, .cordoning: false
        }
    }
}
