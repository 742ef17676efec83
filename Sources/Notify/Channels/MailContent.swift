import Interruption

/// A mail's headers and text (RFC 5322, RFC 2045).
struct MailContent: Sendable {
    /// The whole content, lines ending in CRLF, none longer than 78 characters, ASCII only.
    let bytes: [UInt8]

    /// The mail for that notification. Its id is made of node, notice and message, so that a mail that was sent twice
    /// is one.
    init(_ notification: Notification, from sender: String, to recipients: [String]) {
        let message = MessageText(notification)
        let thread = Fingerprint.long(notification.correlationKey())
        let body = message.rendered(in: .plain, within: TextLimit(64 << 10, .bytes)) + "\n"
        var headers = [
            "From: \(sender)",
            "To: " + recipients.joined(separator: ",\r\n "),
            "Subject: " + MailContent.encodedWords(message.title),
            "Date: " + notification.time.mailDate,
            "Message-ID: " + MailContent.id(thread, notification.name),
        ]
        if [.outcome, .withdrawn].contains(notification.name) {
            headers.append("In-Reply-To: " + MailContent.id(thread, .seen))
            headers.append("References: " + MailContent.id(thread, .seen))
        }
        if message.severity == .error {
            headers.append("Importance: high")
        }
        // RFC 3834: nobody's holiday notice should answer.
        headers += [
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64",
        ]
        let encoded = Base64.encoded(body.replacing("\n", with: "\r\n"))
        let lines = headers + [""] + MailContent.lines(of: encoded, width: 76)
        bytes = Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    /// `text` for a header: as it is when it is short ASCII, else as encoded words of at most 75 characters (RFC 2047).
    static func encodedWords(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }), text.utf8.count <= 60, !text.contains("=?") {
            return text
        }
        var words: [String] = []
        var rest = text
        while !rest.isEmpty {
            // 45 bytes would make a word of 75 characters; 36 leave room for `Subject: ` on the first line, which may
            // have 76 (RFC 2047 §2).
            let part = TextLimit(36, .bytes).cut(rest)
            // A single character longer than that would stop us here: it is left out.
            rest = part.isEmpty ? String(rest.dropFirst()) : String(rest.dropFirst(part.count))
            if !part.isEmpty { words.append("=?utf-8?B?\(Base64.encoded(part))?=") }
        }
        return words.joined(separator: "\r\n ")
    }

    private static func id(_ thread: String, _ name: NotificationName) -> String {
        "<\(thread).\(name.rawValue)@interruption-handler.invalid>"
    }

    private static func lines(of text: String, width: Int) -> [String] {
        var lines: [String] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            lines.append(String(rest.prefix(width)))
            rest = rest.dropFirst(width)
        }
        return lines
    }
}

extension WallTime {
    /// The time as mail writes it (RFC 5322 §3.3), such as `Sat, 21 Nov 2026 02:20:00 +0000`.
    var mailDate: String {
        let seconds = sinceEpoch.components.seconds
        let days = Int(seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400)
        let date = CivilDate(daysSinceEpoch: days)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let weekday = weekdays[((days % 7) + 7) % 7]
        let clock = rfc3339.dropFirst(rfc3339.count - 9).dropLast()
        return "\(weekday), \(date.day) \(months[date.month - 1]) \(date.year) \(clock) +0000"
    }
}
