import Testing

@testable import Notify

@Suite struct JSONValueTests {
    @Test(arguments: [
        ("plain", "plain"), ("a\"b", #"a\"b"#), (#"a\b"#, #"a\\b"#), ("a\nb\r\tc", #"a\nb\r\tc"#),
        ("\u{0}\u{1f}", #"\u0000\u001f"#),
        ("\u{2028}\u{2029}", #"\u2028\u2029"#), ("</script>", "</script>"), ("你好 👩‍👩‍👧‍👦", "你好 👩‍👩‍👧‍👦"), ("{{ .X }}", "{{ .X }}"),
    ])
    func `a text is escaped as RFC 8259 wants it`(text: String, expected: String) {
        #expect(JSONValue.escaped(text) == expected)
    }

    @Test func `what was written reads back as the same`() {
        let document: JSONValue = [
            "a": "q\"\\\n\u{0}ü", "b": [1, true, .null, .number(1.5)], "c": ["d": []], "e": -7,
        ]
        #expect(JSONValue(reading: document.bytes) == document)
    }

    @Test func `members keep their order and absent ones are left out`() {
        let absent: JSONValue? = nil
        let document: JSONValue = ["z": 1, "m": absent, "a": "x"]
        #expect(document.text == #"{"z":1,"a":"x"}"#)
    }

    @Test func `a number that JSON cannot express is null`() {
        #expect(JSONValue.array([.number(.nan), .number(.infinity), .number(0.25)]).text == "[null,null,0.25]")
    }

    @Test(arguments: [
        (#" {"b" : [1, -2.5e3, "x\u00fc\ud83d\ude00\/\n"], "a": {}} "#, ##"{"b":[1,-2500.0,"xü😀/\n"],"a":{}}"##),
        ("[]", "[]"), ("0", "0"), ("-0.5", "-0.5"), ("\"\"", "\"\""), ("true", "true"),
        ("99999999999999999999", "1e+20"), ("{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":2}"),
    ])
    func `JSON is read as it stands`(text: String, expected: String) {
        #expect(JSONValue(reading: Array(text.utf8))?.text == expected)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "nope", "{\"a\":}", "{a:1}", "\u{0}", "01", "1.", "+1", "-", "1e", "tru", "'a'",
        "\"a", "\"\n\"",
        #""\x""#, #""\ud800""#, #""\u12""#, "[1] 2", "// c\n1", "NaN", String(repeating: "[", count: 100_000),
        String(repeating: "[", count: 70) + String(repeating: "]", count: 70),
    ])
    func `what is no JSON reads as nothing`(text: String) {
        #expect(JSONValue(reading: Array(text.utf8)) == nil)
    }

    @Test func `bytes that are no UTF-8 are no text`() {
        #expect(JSONValue(reading: [0x22, 0xff, 0x22]) == nil)
    }
}
