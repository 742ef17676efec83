import Testing

@testable import Transport

@Suite struct EncodingTests {
    @Test(arguments: [
        ("AZaz09-._~", "AZaz09-._~"),
        ("a b+c", "a%20b%2Bc"),
        ("/:?#[]@!$&'()*,;=%", "%2F%3A%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2C%3B%3D%25"),
        ("ü\u{0}\n", "%C3%BC%00%0A"),
        ("", ""),
    ])
    func `everything but the unreserved is encoded in upper-case hex`(plain: String, encoded: String) {
        #expect(plain.percentEncoded == encoded)
    }

    @Test func `a form keeps its order and its repeated names`() {
        let form: FormBody = ["Version": "2011-01-01", "Action": "Detach Instances", "Action": "a=b&c"]
        #expect(form.bytes == Array("Version=2011-01-01&Action=Detach%20Instances&Action=a%3Db%26c".utf8))
    }

    @Test func `an empty form has no bytes`() {
        #expect(FormBody([]).bytes.isEmpty)
    }

    @Test(arguments: [
        ("0", Duration.seconds(0)), ("10", .seconds(10)), ("86401", .seconds(86_400)),
        ("99999999999999999999999", .seconds(86_400)),
        ("Wed, 21 Oct 2026 07:28:00 GMT", nil), ("-1", nil), ("1.5", nil), ("", nil), ("ten", nil), ("+5", nil),
    ])
    func `Retry-After is read in seconds and bounded`(text: String, expected: Duration?) {
        #expect(HTTPResponse(status: 429, headers: ["retry-after": text]).retryAfter == expected)
    }

    @Test func `without Retry-After there is none`() {
        #expect(HTTPResponse(status: 429).retryAfter == nil)
    }

    @Test(arguments: [
        (Duration.zero, 1), (.seconds(-3), 1), (.milliseconds(1), 1), (.microseconds(1500), 2), (.seconds(10), 10_000),
        (.seconds(1_000_000_000_000), 86_400_000),
    ])
    func `a timeout is never turned into for ever`(duration: Duration, milliseconds: Int) {
        #expect(duration.wholeMilliseconds == milliseconds)
    }
}
