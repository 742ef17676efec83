import Interruption
import Testing

@testable import Notify

@Suite struct TextFormsTests {
    @Test(arguments: [
        (Duration.seconds(-3), "0 s"), (.zero, "0 s"), (.milliseconds(80), "80 ms"), (.milliseconds(3850), "3.8 s"),
        (.seconds(4), "4 s"), (.milliseconds(35_999), "35 s"), (.seconds(60), "1 min"),
        (.milliseconds(118_400), "1 min 58 s"),
        (.seconds(3600), "1 h"), (.seconds(7500), "2 h 5 min"), (.seconds(3 * 86_400 + 4 * 3600 + 59), "3 d 4 h"),
    ])
    func `a duration reads like one`(duration: Duration, words: String) {
        #expect(duration.words == words)
    }

    @Test func `clipping keeps characters whole and says that it clipped`() {
        #expect(TextLimit(5, .utf16).clipped("abcde") == "abcde")
        #expect(TextLimit(5, .utf16).clipped("abcdef") == "abcd…")
        #expect(TextLimit(8, .bytes).clipped("你好你好") == "你…")
        #expect(TextLimit(5, .utf16).clipped("👩‍👩‍👧‍👦👩‍👩‍👧‍👦") == "…")
        #expect(TextLimit(1, .bytes).clipped("abc") == "")
    }

    @Test(arguments: [
        ("a\r\n b\t\tc", "a b c"), ("\u{0}\u{7f}x", "x"), ("left\u{202e}right", "left right"), ("  ", ""),
        ("ü 👩‍👩‍👧‍👦", "ü 👩‍👩‍👧‍👦"),
    ])
    func `a text on one line has no controls`(text: String, line: String) {
        #expect(text.singleLine == line)
    }

    @Test(arguments: [
        (Dialect.plain, "<!here> & *b* @all"), (.slack, "&lt;!here&gt; &amp; *b* @all"),
        (.googleChat, "<\u{200B}!here> & *b* @all"), (.markdown, #"\<!here\> & \*b\* @all"#),
        (.mattermost, "\\<!here\\> & \\*b\\* @\u{200B}all"),
    ])
    func `nothing in a value acts as markup or mention`(dialect: Dialect, escaped: String) {
        #expect(dialect.escaped("<!here> & *b* @all") == escaped)
    }

    @Test func `both messages of a notice share a key, another notice has another`() {
        let keys = Fixtures.mild.prefix(3).map { $0.correlationKey() }
        #expect(Set(keys) == ["node-1/spot-1795226520"])
        #expect(Fixtures.test.correlationKey() == "test/node-1")
    }

    @Test func `a long key stays below its limit and apart from its neighbour`() {
        func key(_ end: String) -> String {
            Notification(
                event: .test, nodeName: String(repeating: "n", count: 300) + end, cluster: nil,
                machine: MachineIdentity(),
                time: Fixtures.start
            ).correlationKey()
        }
        #expect(key("a").utf8.count == 255)
        #expect(key("a") != key("b"))
    }

    @Test(arguments: [
        (0, "Thu, 1 Jan 1970 00:00:00 +0000"), (1_795_226_400, "Sat, 21 Nov 2026 02:00:00 +0000"),
        (951_825_600, "Tue, 29 Feb 2000 12:00:00 +0000"), (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
    ])
    func `mail dates have the right weekday`(seconds: Int, text: String) {
        #expect(WallTime(sinceEpoch: .seconds(seconds)).mailDate == text)
    }
}
