import Transport

extension MailChannel {
    /// The channel of `SMTP_*`, or of the older `GMAIL_*`; `nil` when there is none or it is malformed.
    static func configured(by settings: inout SettingsReader) -> MailChannel? {
        let names = ["SMTP_URL", "SMTP_USERNAME", "SMTP_PASSWORD", "SMTP_FROM", "SMTP_TO", "SMTP_SECURITY"]
        let old = ["GMAIL_USERNAME", "GMAIL_PASSWORD", "GMAIL_FROM", "GMAIL_TO"]
        guard names.contains(where: settings.isSet) || old.contains(where: settings.isSet) else { return nil }
        // Each of the older names stands in for the newer one, which wins.
        let username = settings.text("SMTP_USERNAME", or: "GMAIL_USERNAME")
        let password = settings.secret("SMTP_PASSWORD", or: "GMAIL_PASSWORD")
        let from = settings.text("SMTP_FROM", or: "GMAIL_FROM") ?? username
        let recipients = settings.text("SMTP_TO", or: "GMAIL_TO").map(addresses)
        let server = settings.mailServer(isGmail: old.contains(where: settings.isSet))

        let isOld = !names.contains(where: settings.isSet)
        if recipients == nil { settings.reject(isOld ? "GMAIL_TO" : "SMTP_TO", "is missing: who gets the mail") }
        if (username == nil) != (password == nil) {
            let missing = username == nil ? "USERNAME" : "PASSWORD"
            settings.reject((isOld ? "GMAIL_" : "SMTP_") + missing, "is missing: a login needs both name and password")
        }
        guard let from else {
            settings.reject(isOld ? "GMAIL_USERNAME" : "SMTP_FROM", "is missing: the sender's address")
            return nil
        }
        guard isAddress(from) else {
            settings.reject(isOld ? "GMAIL_USERNAME" : "SMTP_FROM", "is not a mail address such as ops@example.org")
            return nil
        }
        guard let recipients, let server else { return nil }
        guard !recipients.isEmpty, recipients.count <= 20, recipients.allSatisfy(isAddress) else {
            settings.reject(
                isOld ? "GMAIL_TO" : "SMTP_TO",
                "must be 1 to 20 mail addresses such as ops@example.org, separated by commas")
            return nil
        }
        let credentials = username.flatMap { user in
            password.map { MailMessage.Credentials(user: user, password: $0) }
        }
        if server.isPlain, credentials != nil {
            settings.warn("SMTP_SECURITY", "is plain: the login goes over the network unprotected")
        }
        return MailChannel(server: server, credentials: credentials, sender: from, recipients: recipients)
    }

    private static func addresses(_ text: String) -> [String] {
        text.split { $0 == "," || $0 == ";" || $0.isWhitespace }.map(String.init)
    }

    /// Whether `text` is a bare address; strict enough that it cannot break out of a header or an SMTP command.
    private static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let allowed = text.utf8.allSatisfy { byte in
            (0x21...0x7e).contains(byte) && !"<>()[],;:\\\"".utf8.contains(byte)
        }
        return allowed && parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty && text.utf8.count <= 254
    }
}

extension SettingsReader {
    /// The mail server of the settings; Gmail's when only the older variables are there.
    fileprivate mutating func mailServer(isGmail: Bool) -> MailServer? {
        let isPlain: Bool
        switch text("SMTP_SECURITY") {
        case nil, "starttls": isPlain = false
        case "plain": isPlain = true
        default:
            reject("SMTP_SECURITY", "must be starttls (the default) or plain")
            return nil
        }
        guard isSet("SMTP_URL") || isGmail else {
            reject("SMTP_URL", "is missing: the mail server, such as smtp://mail.example.org:587")
            return nil
        }
        // A failure to read the file is reported by the reader.
        guard let text = isSet("SMTP_URL") ? text("SMTP_URL") : "smtp://smtp.gmail.com:587" else { return nil }
        let isTLS = text.hasPrefix("smtps://")
        // Why it is no address does not matter: the words below are about mail.
        guard isTLS || text.hasPrefix("smtp://"), !text.contains("@"),
            let address = try? WebAddress("https://" + text.drop { $0 != "/" }.dropFirst(2))
        else {
            reject(
                "SMTP_URL",
                "must be smtp://host:port (STARTTLS) or smtps://host:port (TLS), the login in SMTP_USERNAME and SMTP_PASSWORD"
            )
            return nil
        }
        let name = address.redacted.prefix { $0 != "#" }
        return MailServer(url: Secret(text), name: String(name), isPlain: isPlain && !isTLS)
    }
}
