import Simulators
import Testing

/// What a simulator remembers of its requests.
struct RequestLogTests {
    private func request(_ path: String) -> LabRequest {
        LabRequest(method: "GET", path: path)
    }

    @Test func `entries carry the time at which they came`() {
        let clock = ManualWallClock()
        let log = RequestLog(clock: clock)
        log.record(request("/a"))
        clock.advance(by: .seconds(5))
        log.record(request("/b"))
        #expect(log.entries.map(\.time) == [clock.now.advanced(by: .seconds(-5)), clock.now])
    }

    @Test func `the oldest are forgotten, but counted`() {
        let log = RequestLog(capacity: 10)
        for number in 1...25 { log.record(request("/\(number)")) }
        #expect(log.count == 25)
        #expect(log.entries.count <= 10)
        #expect(log.entries.last?.request.path == "/25")
    }

    @Test func `a wait ends when enough have come`() async {
        let log = RequestLog()
        async let entries = log.entries(atLeast: 2)
        log.record(request("/a"))
        log.record(request("/b"))
        #expect(await entries.map(\.request.path) == ["/a", "/b"])
    }

    @Test func `a wait for what has come already ends at once`() async {
        let log = RequestLog()
        log.record(request("/a"))
        #expect(await log.entries(atLeast: 1).count == 1)
    }

    @Test func `a cancelled wait ends, whether it was cancelled before or after it began`() async {
        let log = RequestLog()
        let waiting = Task { await log.entries(atLeast: 1) }
        waiting.cancel()
        #expect(await waiting.value.isEmpty)
    }
}
