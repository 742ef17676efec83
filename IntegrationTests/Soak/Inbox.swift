import Simulators
import Synchronization

/// The other side of the handler's channels: counts what was accepted, by notice and message. A try that a fault swallowed never gets
/// here, so what is counted twice was sent twice.
final class Inbox: LabService {
    /// One message about one notice.
    struct Message: Hashable, Sendable {
        /// The notice's id.
        var notice: String
        /// `seen`, `outcome` or `withdrawn`.
        var event: String
    }

    /// The path of the channel whose messages say what they are about.
    static let hook = "/hook"
    /// The path of a second channel, of which only the number of messages is compared.
    static let slack = "/slack"

    private let state = Mutex<(messages: [Message: Int], slack: Int)>(([:], 0))

    /// How often each message was accepted.
    var messages: [Message: Int] { state.withLock { $0.messages } }
    /// How many messages Slack got.
    var slackCount: Int { state.withLock { $0.slack } }

    /// Accepts a message.
    func respond(to request: LabRequest) async -> LabResponse {
        if request.path.hasPrefix(Inbox.hook) {
            // What is no JSON is no message of the handler's.
            guard let json = try? KubernetesJSON(parsing: String(decoding: request.body, as: UTF8.self)),
                let notice = json["eventID"]?.string, let event = json["event"]?.string
            else { return .text(400, "not a message\n") }
            state.withLock { $0.messages[Message(notice: notice, event: event), default: 0] += 1 }
        } else {
            state.withLock { $0.slack += 1 }
        }
        return .text(200, "ok")
    }
}
