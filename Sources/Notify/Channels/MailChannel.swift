public import Interruption
public import Transport

/// E-mail by SMTP, over STARTTLS or TLS. Messages of one notice refer to its first one, so that mail programs show them
/// as a thread.
public struct MailChannel: Channel {
    private let server: MailServer
    private let credentials: MailMessage.Credentials?
    private let sender: String
    private let recipients: [String]
    private let scrubber: Scrubber

    init(server: MailServer, credentials: MailMessage.Credentials?, sender: String, recipients: [String]) {
        self.server = server
        self.credentials = credentials
        self.sender = sender
        self.recipients = recipients
        // The user name too: some servers answer with it, and it is half of the login.
        scrubber = Scrubber(keys: credentials.map { [$0.password, Secret($0.user)] } ?? [])
    }

    /// `mail`.
    public var name: String { "mail" }
    /// The server and a fingerprint of sender and recipients.
    public var redacted: String {
        "\(server.name)#\(Fingerprint.short(Secret(([sender] + recipients).joined(separator: " "))))"
    }
    /// `text` without login and password.
    public func cleaned(_ text: String) -> String { scrubber.cleaned(text) }

    /// Sends the message; a refusal is the server's three digits.
    public func deliver(_ notification: Notification, by carriers: Carriers, within timeout: Duration)
        async throws(TransportError) -> Verdict
    {
        do {
            try await carriers.mail.send(message(for: notification, within: timeout))
            return .delivered(
                "the mail server took it for \(recipients.count) recipient\(recipients.count == 1 ? "" : "s")")
        } catch .mailRefused(let code) {
            return MailChannel.verdict(on: code)
        }
    }

    /// The mail that carries the notification.
    func message(for notification: Notification, within timeout: Duration) -> MailMessage {
        MailMessage(
            server: server.url,
            security: server.isPlain ? .plain : .startTLS,
            credentials: credentials,
            sender: sender,
            recipients: recipients,
            content: MailContent(notification, from: sender, to: recipients).bytes,
            timeout: timeout)
    }

    /// What a server's refusal means: 4xx may work later, 5xx is final (RFC 5321 §4.2.1, RFC 4954 §6).
    static func verdict(on code: Int) -> Verdict {
        let answer = "the mail server answered \(code)"
        switch code {
        case 421, 450, 451, 452, 454:
            return .tryAgain(after: nil, "\(answer): trouble on the other side, or greylisting")
        case 400..<500: return .tryAgain(after: nil, "\(answer): it may take the message later")
        case 530, 534, 535, 538:
            return .refused(
                "\(answer): login refused; check SMTP_USERNAME and SMTP_PASSWORD (Gmail wants an app password)")
        case 550, 551, 553: return .refused("\(answer): sender or recipient refused; check SMTP_FROM and SMTP_TO")
        case 552: return .refused("\(answer): the mailbox is full, or the message too long")
        case 554:
            return .refused("\(answer): message refused; check SMTP_FROM, and whether this machine may send there")
        default: return .refused("\(answer): check SMTP_URL")
        }
    }
}

/// Where mail is handed in.
struct MailServer: Sendable, Hashable {
    /// `smtp://host:port` or `smtps://host:port`.
    let url: Secret
    /// Host and port, for people.
    let name: String
    /// Whether the line is not protected: for a relay on the same machine or network.
    let isPlain: Bool
}
