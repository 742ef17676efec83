import Simulators
import Testing

/// The calendar, in every way in which AWS writes it.
struct WallTimeTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (1_505_722_920, "2017-09-18T08:22:00Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
        (1_735_689_599, "2024-12-31T23:59:59Z"),
    ])
    func `instants are written as the metadata service writes them`(seconds: Int64, text: String) {
        #expect(WallTime(seconds: seconds).iso8601 == text)
    }

    @Test func `maintenance times have no zero before the day`() {
        #expect(WallTime(seconds: 1_548_061_243).maintenance == "21 Jan 2019 09:00:43 GMT")
        #expect(WallTime(seconds: 1_546_333_243).maintenance == "1 Jan 2019 09:00:43 GMT")
    }

    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (-86_400, "Wed, 31 Dec 1969 00:00:00 GMT"), (1_795_226_400, "Sat, 21 Nov 2026 02:00:00 GMT"),
    ])
    func `dates are written as HTTP writes them`(seconds: Int64, text: String) {
        #expect(WallTime(seconds: seconds).http == text)
    }

    @Test(arguments: [0, 951_782_400, 1_505_722_920, 4_107_542_400, 1_795_226_400] as [Int64])
    func `the time of a signature is read as it is written`(seconds: Int64) {
        let time = WallTime(seconds: seconds)
        #expect(WallTime(basic: time.basic) == time)
    }

    @Test(arguments: ["", "20170918T082200", "2017-09-18T08:22:00Z", "20170918 082200Z", "2017x918T082200Z"])
    func `anything else is no time of a signature`(text: String) {
        #expect(WallTime(basic: text) == nil)
    }

    @Test func `microseconds are kept`() {
        #expect(WallTime(microseconds: 1_505_722_920_000_042).precise == "2017-09-18T08:22:00.000042Z")
        #expect(WallTime(microseconds: 5).advanced(by: .milliseconds(3)).microseconds == 3005)
        #expect(WallTime(seconds: 1).duration(to: WallTime(seconds: 3)) == .seconds(2))
    }

    @Test(arguments: [
        ("120s", Duration.seconds(120)), ("90", .seconds(90)), ("500ms", .milliseconds(500)), ("2m", .seconds(120)),
        ("1h", .seconds(3600)),
    ])
    func `durations are read as people type them`(text: String, duration: Duration) {
        #expect(Duration(text: text) == duration)
    }

    @Test(arguments: ["", "s", "1d", "soon", "1 s"])
    func `anything else is no duration`(text: String) {
        #expect(Duration(text: text) == nil)
    }
}
