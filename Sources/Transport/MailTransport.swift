/// Hands mail to a server.
public protocol MailTransport: Sendable {
    /// Sends the message; returning means that the server has taken it for all recipients.
    ///
    /// Throws `mailRefused` with the server's code when it said no. Cancelling the calling task ends the attempt.
    func send(_ message: MailMessage) async throws(TransportError)
}

/// One mail and where it goes. Printing it shows the server and sizes, neither credentials, addresses nor text.
public struct MailMessage: Sendable {
    /// `smtp://host:port` or `smtps://host:port`; a path, if any, is the name we say in EHLO.
    public var server: Secret
    /// How the line is protected.
    public var security: Security
    /// Who we are to the server; `nil` sends without logging in.
    public var credentials: Credentials?
    /// The envelope's sender, a bare address.
    public var sender: String
    /// The envelope's recipients, bare addresses.
    public var recipients: [String]
    /// Headers and text (RFC 5322); lone CR and LF are sent as CRLF.
    public var content: [UInt8]
    /// Time for the whole conversation.
    public var timeout: Duration
    /// How the server is verified.
    public var trust: TLSTrust

    /// How an `smtp://` line is protected; `smtps://` is TLS from the start either way.
    public enum Security: Sendable {
        /// STARTTLS, or the mail is not sent.
        case startTLS
        /// Nothing: for a relay on the same machine or network.
        case plain
    }

    /// A login.
    public struct Credentials: Sendable {
        /// The login name.
        public var user: String
        /// Its password.
        public var password: Secret

        /// A login from its parts.
        public init(user: String, password: Secret) {
            self.user = user
            self.password = password
        }
    }

    /// A message with the house's bounds: STARTTLS and 30 s in all.
    public init(
        server: Secret,
        security: Security = .startTLS,
        credentials: Credentials? = nil,
        sender: String,
        recipients: [String],
        content: [UInt8],
        timeout: Duration = .seconds(30),
        trust: TLSTrust = .system
    ) {
        self.server = server
        self.security = security
        self.credentials = credentials
        self.sender = sender
        self.recipients = recipients
        self.content = content
        self.timeout = timeout
        self.trust = trust
    }

    /// The content with every line ending as CRLF: a lone LF could be read as the end of the message by one server and
    /// not by the next.
    var wireContent: [UInt8] {
        var wire: [UInt8] = []
        wire.reserveCapacity(content.count + content.count / 32)
        var previous: UInt8 = 0
        for byte in content {
            switch (previous, byte) {
            case (UInt8(ascii: "\r"), UInt8(ascii: "\n")): break
            case (_, UInt8(ascii: "\r")), (_, UInt8(ascii: "\n")): wire += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
            default: wire.append(byte)
            }
            previous = byte
        }
        return wire
    }
}

extension MailMessage: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The server and the sizes.
    public var description: String {
        "mail of \(content.count) bytes to \(recipients.count) by \(URLParts(server.reveal())?.origin ?? "[no origin]")"
    }
    /// The same as `description`.
    public var debugDescription: String { description }
    /// A mirror without children, so that `dump` cannot print the text.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
