import Testing

@testable import JSON

@Suite struct JSONValueTests {
    private func read(_ text: String) -> JSONValue? { JSONValue(reading: Array(text.utf8)) }

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

    @Test(arguments: [
        (#" { "a" : [ 1 , -2.5e1 , true , false , null ] } "#, #"{"a":[1,-25.0,true,false,null]}"#),
        ("{}", "{}"), (" [ ] ", "[]"), ("0", "0"), ("-0.5", "-0.5"), ("\"\"", "\"\""),
        (#""a\"b\\c\/d""#, #""a\"b\\c/d""#), (#""\b\f\n\r\t""#, #""\u0008\u000c\n\r\t""#),
        (#""\u00fc\uD83D\uDE00ü😀""#, #""ü😀ü😀""#), (#"{"a":1,"a":2}"#, #"{"a":1,"a":2}"#),
    ])
    func `what JSON allows is read as it is meant`(_ text: String, _ expected: String) {
        #expect(JSONValue(reading: Array(text.utf8))?.text == expected)
    }

    @Test(arguments: [
        "", " ", "{", "[", "{]", "[}", #"{"a"}"#, #"{"a":}"#, #"{"a" 1}"#, "{a:1}", "{1:2}", "[1 2]", "1 2", "{}{}",
        "[,]", "{,}", "[1,,]", "01", "-", "1.", ".5", "1e", "+1", "0x1", "NaN", "tru", "nulll", "'a'", "\"", "\"a",
        #""\"#, #""\x""#, #""\u12""#, #""\u12g4""#, #""\uD83D""#, #""\uD83Dx""#, #""\uDE00""#,
        "\"a\u{1}b\"", "\"a\nb\"", "<html>",
    ])
    func `what JSON does not allow is refused`(_ text: String) {
        #expect(JSONValue(reading: Array(text.utf8)) == nil)
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(JSONValue(reading: [0x22, 0xC3, 0x28, 0x22]) == nil)
        #expect(JSONValue(reading: [0x22, 0x5C, 0x6E, 0xFF, 0x22]) == nil)
    }

    @Test func `what nests too deep is refused, and costs no stack`() {
        #expect(read(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) != nil)
        #expect(read(String(repeating: "[", count: 65) + String(repeating: "]", count: 65)) == nil)
        #expect(read(String(repeating: #"{"a":"#, count: 1_000_000)) == nil)
    }

    @Test func `what is written can neither break nor forge a body`() {
        let json: JSONValue = [
            "na\"me": "a\\b\"c\u{1}\nü", "absent": nil, "list": .array([.null, .bool(true), .int(-1)]),
        ]
        #expect(json.text == #"{"na\"me":"a\\b\"c\u0001\nü","list":[null,true,-1]}"#)
        #expect(JSONValue.number(.infinity).text == "null")
    }

    @Test(arguments: [("[1,]", "[1]"), (#"{"a":1 , }"#, #"{"a":1}"#), ("[[1,],]", "[[1]]")])
    func `a comma in front of a closing bracket passes where it may`(_ text: String, _ expected: String) {
        #expect(JSONValue(reading: Array(text.utf8), allowsTrailingCommas: true)?.text == expected)
        #expect(read(text) == nil)
    }

    @Test(arguments: ["[,]", "{,}", "[1,,]", "[1 2]"])
    func `but nothing else does`(_ text: String) {
        #expect(JSONValue(reading: Array(text.utf8), allowsTrailingCommas: true) == nil)
    }
}
