import Interruption
import Logging
import Status
import Testing

@Suite struct LineLogHandlerTests {
    private struct Trouble: Error, CustomStringConvertible {
        let description = "it \"broke\""
    }

    private func line(
        _ format: LineFormat, saying message: Logger.Message = "notice seen", _ metadata: Logger.Metadata
    ) -> String {
        let capture = LogCapture()
        capture.logger(format).info(message, metadata: metadata)
        return capture.lines.joined()
    }

    @Test(
        arguments: [
            (
                [
                    "notice.id": "a", "b": .stringConvertible(3), "c": .stringConvertible(1.5),
                    "d": .stringConvertible(true),
                ],
                #""b":3,"c":1.5,"d":true,"notice.id":"a""#
            ),
            (["q": "say \"hi\" \\ there"], #""q":"say \"hi\" \\ there""#),
            (["n": "a\nb\r\tc"], #""n":"a\nb\r\tc""#),
            (["c": "\u{0}\u{1B}[2J\u{7F}\u{9B}"], #""c":"\u0000\u001b[2J\u007f\u009b""#),
            (["u": "Zoë 🚆 \u{2028}\u{202E}"], #""u":"Zoë 🚆 \u2028\u202e""#),
            (["time": "1", "message": "x"], #""metadata.message":"x","metadata.time":"1""#),
            (["k\"\n": "v"], #""k\"\n":"v""#),
            (["l": ["a", ["b"]], "m": ["z": "1", "y": ["x": "2"]]], #""l":["a",["b"]],"m":{"y":{"x":"2"},"z":"1"}"#),
            (["i": .stringConvertible(Double.infinity)], #""i":"inf""#),
            (["deep": [[[[["x"]]]]]], #""deep":[[[["…"]]]],"log.cut":true"#),
        ] as [(Logger.Metadata, String)])
    func `a JSON line is one object with time, level and message first, then the fields by name`(
        metadata: Logger.Metadata, fields: String
    ) {
        #expect(
            line(.json, metadata)
                == #"{"time":"2017-09-18T08:20:00Z","level":"info","message":"notice seen",\#(fields)}"# + "\n")
    }

    @Test(
        arguments: [
            (["notice.id": "i-1", "n": .stringConvertible(88.75)], "info     notice seen n=88.75 notice.id=i-1\n"),
            (["a": "two words", "b": "", "c": "x=y"], "info     notice seen a=\"two words\" b=\"\" c=\"x=y\"\n"),
            (["a": "1\n2017 error forged"], "info     notice seen a=\"1\\n2017 error forged\"\n"),
            (["l": ["a", "b c"]], "info     notice seen l=[\"a\",\"b c\"]\n"),
        ] as [(Logger.Metadata, String)])
    func `a text line shows the fields by name, quoted where they need it`(metadata: Logger.Metadata, text: String) {
        #expect(line(.text, metadata) == text)
    }

    @Test func `a message cannot begin a line of its own`() {
        #expect(line(.text, saying: "a\nb\u{1B}[31m", [:]) == "info     a\\nb\\u001b[31m\n")
    }

    @Test(arguments: LineFormat.allCases)
    func `a line stays within its bound and says that it was cut`(format: LineFormat) {
        let long = String(repeating: "é\u{1}", count: 20_000)
        var metadata: Logger.Metadata = [:]
        for number in 0..<50 {
            metadata["key\(number)\(long.prefix(number * 100))"] = .array([.string(long), .string(long)])
        }
        let text = line(format, saying: "\(long)", metadata)
        #expect(text.utf8.count <= 16 << 10)
        #expect(text.hasSuffix(format == .json ? ",\"log.cut\":true}\n" : " log.cut=true\n"))
    }

    @Test func `a cut JSON line still closes what it opened`() {
        let long = Logger.MetadataValue.array((0..<5000).map { .dictionary(["n": .array([.stringConvertible($0)])]) })
        let text = line(.json, ["x": long])
        var depth = 0
        for character in text {
            if "[{".contains(character) { depth += 1 }
            if "]}".contains(character) { depth -= 1 }
        }
        #expect(depth == 0)
        #expect(text.utf8.count <= 16 << 10)
    }

    @Test func `one long value leaves room for the others`() {
        let text = line(.json, ["a": .string(String(repeating: "x", count: 100_000)), "notice.id": "n-1"])
        #expect(text.hasSuffix("x…\",\"notice.id\":\"n-1\",\"log.cut\":true}\n"))
    }

    @Test func `an event's own field wins over the logger's`() {
        let capture = LogCapture()
        var logger = capture.logger()
        logger[metadataKey: "a"] = "1"
        logger[metadataKey: "b"] = "1"
        logger.warning("m", metadata: ["a": "2"])
        #expect(capture.lines == ["warning  m a=2 b=1\n"])
    }

    @Test func `an error is a field`() {
        let capture = LogCapture()
        capture.logger(.json).error("m", error: Trouble())
        #expect(capture.lines.joined().hasSuffix(#""level":"error","message":"m","error":"it \"broke\""}"# + "\n"))
    }

    @Test func `what is below the level is not written`() {
        let capture = LogCapture()
        capture.logger(level: .notice).info("m")
        #expect(capture.lines.isEmpty)
    }
}
