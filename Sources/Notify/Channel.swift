public import Interruption
public import Transport

/// One place where people are told. Values only: it makes a request out of a notification and judges the answer; the
/// lane does the rest.
public protocol Channel: Sendable {
    /// The channel's word on the command line, in metrics and logs, such as `slack`.
    var name: String { get }
    /// What tells this channel from another of its kind without telling a secret, such as `hooks.slack.com#3fa9c1`.
    var redacted: String { get }
    /// Whether a message wakes somebody up: then a dry run is silent here unless it is told otherwise.
    var raisesIncidents: Bool { get }

    /// Makes one try, whose own bound is `timeout`; the words of the verdict may still repeat secrets, see
    /// `cleaned(_:)`.
    func deliver(_ notification: Notification, by carriers: Carriers, within timeout: Duration)
        async throws(TransportError)
        -> Verdict

    /// `text` without any of this channel's secrets: another side's error page may repeat the path that it was asked
    /// for.
    func cleaned(_ text: String) -> String
}

/// A channel that is one HTTP exchange per message. HTTP 200 is not success everywhere, so each has its own verdict.
public protocol WebChannel: Channel {
    /// The exchange that carries the message.
    func request(for notification: Notification) -> HTTPRequest

    /// What the answer means.
    func verdict(on response: HTTPResponse) -> Verdict
}

/// What carries messages.
public struct Carriers: Sendable {
    /// For everything but mail.
    public var web: any HTTPTransport
    /// For mail.
    public var mail: any MailTransport

    /// Carriers from their parts.
    public init(web: any HTTPTransport, mail: any MailTransport) {
        self.web = web
        self.mail = mail
    }
}

/// What became of one try.
public enum Verdict: Sendable, Hashable {
    /// The other side has it; with its answer for people.
    case delivered(String)
    /// The other side will never take it like this; with the reason, and what to mend.
    case refused(String)
    /// It may work later, not before `after` when the other side named a time; with the reason.
    case tryAgain(after: Duration?, String)
}

extension Channel {
    /// Most channels only tell.
    public var raisesIncidents: Bool { false }
}

extension WebChannel {
    /// Makes the exchange within `timeout` and judges the answer.
    public func deliver(_ notification: Notification, by carriers: Carriers, within timeout: Duration)
        async throws(TransportError) -> Verdict
    {
        var request = request(for: notification)
        request.timeout = timeout
        request.bodyLimit = 64 << 10
        return verdict(on: try await carriers.web.send(request))
    }
}
