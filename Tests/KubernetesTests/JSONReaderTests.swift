import Testing

@testable import Kubernetes

@Suite struct `Reading and writing JSON` {
    private func value(_ text: String) -> JSONValue? { JSONReader.value(of: Array(text.utf8)) }

    private func written(_ value: JSONValue) -> String { String(decoding: value.bytes, as: UTF8.self) }

    @Test(arguments: [
        (#" { "a" : [ 1 , -2.5e1 , true , false , null ] } "#, #"{"a":[1,-25.0,true,false,null]}"#),
        ("{}", "{}"), (" [ ] ", "[]"), ("0", "0"), ("-0.5", "-0.5"), ("\"\"", "\"\""),
        (#""a\"b\\c\/d""#, #""a\"b\\c/d""#), (#""\b\f\n\r\t""#, #""\u0008\u000c\u000a\u000d\u0009""#),
        (#""\u00fc\uD83D\uDE00ü😀""#, #""ü😀ü😀""#), (#"{"a":1,"a":2}"#, #"{"a":1,"a":2}"#),
    ])
    func `what JSON allows is read as it is meant`(_ text: String, _ expected: String) throws {
        #expect(try written(#require(value(text))) == expected)
    }

    @Test(arguments: [
        "", " ", "{", "[", "{]", "[}", #"{"a"}"#, #"{"a":}"#, #"{"a" 1}"#, "{a:1}", "{1:2}", "[1 2]", "1 2", "{}{}",
        "[,]", "{,}", "[1,,]", "01", "-", "1.", ".5", "1e", "+1", "0x1", "NaN", "tru", "nulll", "'a'", "\"", "\"a",
        #""\"#, #""\x""#, #""\u12""#, #""\u12g4""#, #""\uD83D""#, #""\uD83Dx""#, #""\uDE00""#,
        "\"a\u{1}b\"", "\"a\nb\"", "<html>",
    ])
    func `what JSON does not allow is refused`(_ text: String) {
        #expect(value(text) == nil)
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(JSONReader.value(of: [0x22, 0xC3, 0x28, 0x22]) == nil)
        #expect(JSONReader.value(of: [0x22, 0x5C, 0x6E, 0xFF, 0x22]) == nil)
    }

    @Test func `what nests too deep is refused, and costs no stack`() {
        #expect(value(String(repeating: "[", count: 128) + String(repeating: "]", count: 128)) != nil)
        #expect(value(String(repeating: "[", count: 129) + String(repeating: "]", count: 129)) == nil)
        #expect(value(String(repeating: #"{"a":"#, count: 1_000_000)) == nil)
    }

    @Test(arguments: [("7", 7), ("7.0", 7), ("7e2", 700), ("-3", -3), ("9223372036854775807", .max)])
    func `a whole number is one however it is written`(_ text: String, _ expected: Int) throws {
        #expect(try Int(json: #require(value(text))) == expected)
    }

    @Test(arguments: ["7.5", "1e400", "9223372036854775808", "\"7\"", "true", "null", "{}"])
    func `what is no whole number is not taken for one`(_ text: String) throws {
        let json = try #require(value(text))
        #expect(throws: JSONMismatch.self) { try Int(json: json) }
    }

    @Test func `of a name that is there twice the first counts`() throws {
        let json = try #require(value(#"{"a":"1","a":"2"}"#))
        #expect(try [String: String](json: json) == ["a": "1"])
        let first: String = try json.members().required("a")
        #expect(first == "1")
    }

    @Test func `a member that is null counts as absent`() throws {
        let members = try #require(value(#"{"a":null}"#)).members()
        let optional: String? = try members.optional("a")
        #expect(optional == nil)
        #expect(throws: JSONMismatch.self) { let _: String = try members.required("a") }
    }

    @Test(arguments: [
        (#"{"metadata":{"name":"n","uid":"u","finalizers":["f",7]}}"#, "another type at metadata.finalizers.1"),
        (#"{"metadata":{"name":7,"uid":"u"}}"#, "another type at metadata.name"), ("{}", "no metadata at the top"),
        ("[]", "another type at the top"), (#"{"metadata":{"name":"n","uid":"u"},"spec":1}"#, "another type at spec"),
    ])
    func `a mismatch tells where it is`(_ text: String, _ summary: String) throws {
        let json = try #require(value(text))
        do throws(JSONMismatch) {
            _ = try PodBody(json: json)
            Issue.record("it was read")
        } catch {
            #expect(error.summary == summary)
        }
    }

    @Test func `what is written can neither break nor forge a body`() {
        let json: JSONValue = [
            "na\"me": "a\\b\"c\u{1}\nü", "absent": nil, "list": .array([.null, .bool(true), .int(-1)]),
        ]
        #expect(written(json) == #"{"na\"me":"a\\b\"c\u0001\u000aü","list":[null,true,-1]}"#)
        #expect(written(.number(.infinity)) == "null")
    }
}
