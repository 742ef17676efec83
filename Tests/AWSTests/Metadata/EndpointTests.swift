import Testing

@testable import AWS

struct EndpointTests {
    @Test(arguments: [
        ("http://169.254.169.254", "http://169.254.169.254"), ("http://169.254.169.254/", "http://169.254.169.254"),
        ("http://[fd00:ec2::254]", "http://[fd00:ec2::254]"), ("http://localhost:1338//", "http://localhost:1338"),
        ("https://mock.example/imds", "https://mock.example/imds"),
    ])
    func `an endpoint is a URL without a slash at its end`(text: String, expected: String) {
        #expect(MetadataEndpoint(text)?.description == expected)
    }

    @Test(arguments: [
        "", "169.254.169.254", "ftp://x", "http://", "http:///latest", "http://a b", "http://x?y", "http://x#y",
        "http://u:p@x",
        "http://x:99999", "http://x:", "http://[::1", "http://x\\y",
    ])
    func `what is none is refused`(text: String) {
        #expect(MetadataEndpoint(text) == nil)
    }
}
