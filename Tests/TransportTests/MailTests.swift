import TestSupport
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1))) struct MailTests {
    /// A mail server's side: greets, then answers each command by its first word; the message by the answer to `.`.
    private func server(_ replies: [String: String], greeting: String = "220 ready") throws -> (
        LoopbackServer, Transcript
    ) {
        let transcript = Transcript()
        let server = try LoopbackServer { connection in
            connection.write("\(greeting)\r\n")
            var isReadingMessage = false
            while let line = connection.readLine() {
                transcript.append(line)
                if isReadingMessage, line != "." { continue }
                let word = String(line.prefix { $0 != " " && $0 != ":" })
                guard let reply = replies[word] ?? Self.friendly[word] else { return }
                isReadingMessage = reply.hasPrefix("354")
                if reply.isEmpty {
                    _ = connection.perform(.hang)
                    return
                }
                connection.write("\(reply)\r\n")
                if word == "QUIT" { return }
            }
        }
        return (server, transcript)
    }

    private static let friendly = [
        "EHLO": "250-server\r\n250-AUTH PLAIN\r\n250 8BITMIME", "AUTH": "334 ", "AG1lAHB3": "235 welcome",
        "MAIL": "250 ok", "RCPT": "250 ok",
        "DATA": "354 go on", ".": "250 taken", "QUIT": "221 bye",
    ]

    private func message(to server: LoopbackServer, timeout: Duration = .seconds(30)) -> MailMessage {
        MailMessage(
            server: Secret("smtp://127.0.0.1:\(server.port)/node-1"), security: .plain, sender: "node@example",
            recipients: ["ops@example", "sre@example"],
            content: Array("Subject: hello\n\nfirst\r\n.\n..dots\rlast".utf8), timeout: timeout)
    }

    private func outcome(of message: MailMessage) async throws -> TransportError? {
        let transport = CurlMailTransport()
        defer { transport.close() }
        do throws(TransportError) {
            try await transport.send(message)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a mail is handed over with its envelope and its text`() async throws {
        let (server, transcript) = try server([:])
        defer { server.stop() }
        #expect(try await outcome(of: message(to: server)) == nil)
        #expect(
            transcript.lines == [
                "EHLO node-1", "MAIL FROM:<node@example>", "RCPT TO:<ops@example>", "RCPT TO:<sre@example>", "DATA",
                "Subject: hello", "", "first", "..", "...dots", "last", ".", "QUIT",
            ])
    }

    @Test func `a login is sent when there is one`() async throws {
        let (server, transcript) = try server([:])
        defer { server.stop() }
        var message = message(to: server)
        message.credentials = MailMessage.Credentials(user: "me", password: Secret("pw"))
        #expect(try await outcome(of: message) == nil)
        // In base64: "\0me\0pw".
        #expect(transcript.lines.prefix(3) == ["EHLO node-1", "AUTH PLAIN", "AG1lAHB3"])
    }

    @Test(arguments: [
        (["EHLO": "554 go away", "HELO": "554 go away"], 554), (["MAIL": "451 later"], 451),
        (["RCPT": "550 nobody"], 550),
        (["DATA": "452 full"], 452), ([".": "554 spam"], 554),
    ])
    func `the server's refusal comes with its code`(replies: [String: String], code: Int) async throws {
        let (server, _) = try server(replies)
        defer { server.stop() }
        #expect(try await outcome(of: message(to: server)) == .mailRefused(code: code))
    }

    @Test func `a refused login comes with its code`() async throws {
        let (server, _) = try server(["AUTH": "535 no"])
        defer { server.stop() }
        var message = message(to: server)
        message.credentials = MailMessage.Credentials(user: "me", password: Secret("pw"))
        #expect(try await outcome(of: message) == .mailRefused(code: 535))
    }

    @Test func `without STARTTLS nothing is sent when it is required`() async throws {
        let (server, transcript) = try server([:])
        defer { server.stop() }
        var message = message(to: server)
        message.security = .startTLS
        guard case .untrusted = try await outcome(of: message) else {
            Issue.record("\(transcript.lines)")
            return
        }
        #expect(!transcript.lines.contains { $0.hasPrefix("MAIL") || $0.hasPrefix("AUTH") })
    }

    @Test func `a mail server that hangs is given up on`() async throws {
        let (server, _) = try server(["DATA": ""])
        defer { server.stop() }
        // In which phase depends on how fast the machine is.
        guard case .timedOut = try await outcome(of: message(to: server, timeout: .milliseconds(200))) else {
            Issue.record("It was not given up on.")
            return
        }
    }

    @Test func `a mail that was taken is sent, whatever becomes of the goodbye`() async throws {
        let (server, _) = try server(["QUIT": ""])
        defer { server.stop() }
        #expect(try await outcome(of: message(to: server, timeout: .seconds(4))) == nil)
    }

    @Test(arguments: ["a b@example", "a@example>\r\nRCPT TO:<b@example", "", "<a@example>"])
    func `an address that could be a command is not sent`(address: String) async throws {
        let (server, transcript) = try server([:])
        defer { server.stop() }
        var message = message(to: server)
        message.recipients = [address]
        guard case .unsendable = try await outcome(of: message) else {
            Issue.record("\(transcript.lines)")
            return
        }
        #expect(transcript.lines.isEmpty)
    }

    @Test(arguments: [
        ("a\nb", "a\r\nb"), ("a\r\nb", "a\r\nb"), ("a\rb", "a\r\nb"), ("\n\n", "\r\n\r\n"),
        ("\r\n\n\r", "\r\n\r\n\r\n"), ("", ""),
    ])
    func `every line ends the same way on the wire`(content: String, wire: String) {
        let message = MailMessage(server: Secret(""), sender: "", recipients: [], content: Array(content.utf8))
        #expect(message.wireContent == Array(wire.utf8))
    }
}
