import CLibcurl

extension EasyHandle {
    /// Takes the options of one mail.
    func configure(_ message: MailMessage, to parts: URLParts) throws(TransportError) {
        guard parts.scheme == "smtp" || parts.scheme == "smtps" else {
            throw .unsendable(detail: "only smtp and smtps")
        }
        guard !message.recipients.isEmpty else { throw .unsendable(detail: "a mail without recipients") }
        try reset(connectTimeout: min(message.timeout, .seconds(10)), timeout: message.timeout)
        try set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        try set(CURLOPT_URL, message.server.reveal())
        try set(CURLOPT_USE_SSL, Int((message.security == .startTLS ? CURLUSESSL_ALL : CURLUSESSL_NONE).rawValue))
        try set(message.trust)
        if let credentials = message.credentials {
            try set(CURLOPT_USERNAME, credentials.user)
            try set(CURLOPT_PASSWORD, credentials.password.reveal())
        }
        try set(CURLOPT_MAIL_FROM, Self.address(message.sender))
        let recipients = try StringList()
        for recipient in message.recipients {
            try recipients.append(Self.address(recipient))
        }
        try set(CURLOPT_MAIL_RCPT, recipients)
        try set(CURLOPT_UPLOAD, 1)
        // A mail is rare: say QUIT now rather than keep the server's line. The wait for its answer is bounded like the
        // rest.
        try set(CURLOPT_FORBID_REUSE, 1)
        try set(CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, message.timeout.wholeMilliseconds / 1000))
    }

    /// The address in angle brackets; one that could end the command or begin another is not sent.
    private static func address(_ text: String) throws(TransportError) -> String {
        guard !text.isEmpty,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") })
        else { throw .unsendable(detail: "a mail address that is none") }
        return "<\(text)>"
    }
}
