import FoundationEssentials
import Interruption
import Testing
import Transport

@testable import Notify

@Suite struct MailTests {
    private func lines(_ notification: Notification) -> [String] {
        let bytes = MailContent(notification, from: "ops@example.org", to: ["a@example.org", "b@example.org"]).bytes
        return String(decoding: bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false).map(
            String.init)
    }

    private func body(_ lines: [String]) throws -> String {
        let start = try #require(lines.firstIndex(of: ""))
        let data = try #require(Data(base64Encoded: lines[start...].joined()))
        return String(decoding: data, as: UTF8.self)
    }

    @Test func `the outcome's mail, header by header`() throws {
        let lines = lines(Fixtures.outcome)
        #expect(
            lines.prefix { !$0.isEmpty }.filter { !$0.contains("@interruption-handler.invalid") } == [
                "From: ops@example.org",
                "To: a@example.org,",
                " b@example.org",
                "Subject: =?utf-8?B?Tm9kZSBub2RlLTEgKGNsdXN0ZXIgcHJvZCkgd2FzIG5vdCBl?=",
                " =?utf-8?B?bXB0eSBhdCB0aGUgZGVhZGxpbmU6IDIgb2YgNSBwb2RzIG5v?=",
                " =?utf-8?B?dCBvdXQ=?=",
                "Date: Sat, 21 Nov 2026 02:00:00 +0000",
                "Importance: high",
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: base64",
            ])
        #expect(try body(lines).hasPrefix("Node node-1 (cluster prod) was not empty at the deadline"))
    }

    @Test func `mails of one notice are a thread`() throws {
        func header(_ name: String, _ notification: Notification) -> String? {
            lines(notification).first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
        }
        let first = try #require(header("Message-ID", Fixtures.seen))
        #expect(header("References", Fixtures.seen) == nil)
        for later in [Fixtures.outcome, Fixtures.withdrawn] {
            #expect(header("References", later) == first)
            #expect(header("In-Reply-To", later) == first)
            #expect(header("Message-ID", later) != first)
        }
        #expect(header("Message-ID", Fixtures.seen) == first)
    }

    @Test(arguments: Fixtures.all.indices)
    func `every mail is ASCII in short lines, and no value breaks out of its header`(index: Int) throws {
        let notification = Fixtures.all[index]
        let lines = lines(notification)
        #expect(lines.allSatisfy { $0.utf8.count <= 78 && $0.utf8.allSatisfy { (0x20...0x7e).contains($0) } })
        let names = lines.prefix { !$0.isEmpty }.filter { !$0.hasPrefix(" ") }.compactMap {
            $0.split(separator: ":").first
        }
        let allowed: Set<Substring> = [
            "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Importance", "Auto-Submitted",
            "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
        ]
        #expect(Set(names).isSubset(of: allowed) && Set(names).count == names.count)
        #expect(try body(lines).hasPrefix(MessageText(notification).title))
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("~ü?", "fsO8Pw=="),
    ])
    func `Base64 is RFC 4648's`(text: String, encoded: String) {
        #expect(Base64.encoded(text) == encoded)
    }

    @Test func `encoded words decode to the text`() throws {
        let text = "Nö de \"你好\" 👩‍👩‍👧‍👦 " + String(repeating: "ü", count: 100)
        let words = MailContent.encodedWords(text).replacing("\r\n", with: "").split(separator: " ")
        let decoded = try words.map { word in
            #expect(word.utf8.count <= 75)
            let base64 = word.dropFirst("=?utf-8?B?".count).dropLast("?=".count)
            return String(decoding: try #require(Data(base64Encoded: String(base64))), as: UTF8.self)
        }
        #expect(decoded.joined() == text)
    }

    @Test func `the message carries login, server and bound`() throws {
        let channel = MailChannel(
            server: MailServer(url: Secret("smtp://mail:587"), name: "mail:587", isPlain: false),
            credentials: MailMessage.Credentials(user: "u", password: Secret("p")), sender: "a@b", recipients: ["c@d"])
        let message = channel.message(for: Fixtures.seen, within: .seconds(5))
        #expect(message.server == Secret("smtp://mail:587"))
        #expect(message.credentials?.user == "u" && message.credentials?.password == Secret("p"))
        #expect(message.sender == "a@b" && message.recipients == ["c@d"])
        #expect(message.timeout == .seconds(5))
        guard case .startTLS = message.security else {
            Issue.record("not protected")
            return
        }
    }
}
