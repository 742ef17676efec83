import Testing

@testable import Transport

@Suite struct URLPartsTests {
    @Test(arguments: [
        ("http://169.254.169.254/latest/api/token", "http://169.254.169.254", "http://169.254.169.254:80"),
        ("https://API.example:6443", "https://API.example:6443", "https://api.example:6443"),
        ("https://api.example", "https://api.example", "https://api.example:443"),
        ("http://[fd00:ec2::254]/latest", "http://[fd00:ec2::254]", "http://[fd00:ec2::254]:80"),
        ("http://[::1]:8080?a=b", "http://[::1]:8080", "http://[::1]:8080"),
        ("HTTPS://user:pa@ss@hook.example/x?key=1", "https://hook.example", "https://hook.example:443"),
        ("https://hook.example#f", "https://hook.example", "https://hook.example:443"),
    ])
    func `an origin has neither user, path nor query`(url: String, origin: String, comparable: String) throws {
        let parts = try #require(URLParts(url))
        #expect(parts.origin == origin)
        #expect(parts.comparableOrigin == comparable)
    }

    @Test(arguments: [
        "", "no url", "/path", "http:/one", "http://", "http:///path", "http://a b/", "http://a/\r\nX: y",
        "http://a/\u{0}",
    ])
    func `what is no URL has no parts`(text: String) {
        #expect(URLParts(text) == nil)
        #expect(HTTPRequest(url: Secret(text)).origin == "[no origin]")
    }

    @Test(arguments: [
        ("https://10.0.0.1:6443/api?x=1", "kubernetes", "https://kubernetes:6443/api?x=1"),
        ("https://u:p@[::1]/", "a.example", "https://u:p@a.example/"),
        ("https://host/", "fd00::1", "https://[fd00::1]/"),
    ])
    func `another host leaves the rest of the URL alone`(url: String, name: String, expected: String) throws {
        #expect(try #require(URLParts(url)).replacingHost(with: name) == expected)
    }
}
