import Interruption

@testable import Transport

/// The head of an HTTP answer, line by line as libcurl hands it over, then a body.
@Sendable func examineHead(_ input: [UInt8]) {
    var collector = AnswerCollector(bodyLimit: 512, sink: nil)
    var isGoing = true
    for line in input.split(separator: 0x0A, omittingEmptySubsequences: false) where isGoing {
        isGoing = collector.takeHeadLine(Array(line) + [0x0A])
        if collector.hasHead, isGoing, line.count > 64 { isGoing = collector.takeBody(line) }
    }
    expect(isGoing == (collector.failure == nil), "it ends with a reason")
    expect(collector.body.count <= 512, "a bounded body")
    let fields = collector.headers.fields
    let size = fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.reveal().utf8.count }
    // What is not UTF-8 becomes replacement characters of three bytes.
    expect(size <= 3 * AnswerCollector.headLimit, "a bounded head")
    for field in fields {
        expect(!field.name.utf8.contains(0x0A) && !field.value.reveal().utf8.contains(0x0A), "a field is one line")
    }
    let response = HTTPResponse(status: collector.status, headers: collector.headers, body: collector.body)
    expect(response.retryAfter.map { (.zero ... .seconds(86_400)).contains($0) } ?? true, "a bounded pause")
    _ = response.headers["Date"].flatMap { WallTime(httpDate: $0) }
    var dumped = "\(response)"
    dump(response, to: &dumped)
    for field in fields where field.value.reveal().utf8.count >= 16 && !field.name.contains(field.value.reveal()) {
        let isNamed = fields.contains { $0.name.contains(field.value.reveal()) }
        expect(isNamed || !dumped.contains(field.value.reveal()), "a value is told")
    }
    let url = String(decoding: input, as: UTF8.self)
    if let parts = URLParts(url) {
        expect(!parts.host.isEmpty, "a host")
        expect(URLParts(parts.replacingHost(with: "example.org"))?.host == "example.org", "the host is the host")
    }
}
