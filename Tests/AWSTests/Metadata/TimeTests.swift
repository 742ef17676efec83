import Interruption
import Testing

@testable import AWS

struct TimeTests {
    @Test(arguments: [
        ("21 Jan 2019 09:00:43 GMT", "2019-01-21T09:00:43Z"), ("1 Feb 2024 00:00:00 GMT", "2024-02-01T00:00:00Z"),
        ("01 Feb 2024 00:00:00 GMT", "2024-02-01T00:00:00Z"), ("29 Feb 2024 23:59:59 UTC", "2024-02-29T23:59:59Z"),
    ])
    func `a time of maintenance is read`(text: String, expected: String) {
        #expect(WallTime(eventDate: text)?.rfc3339 == expected)
    }

    @Test(arguments: [
        "", "soon", "21 Jan 2019", "21 Jan 2019 09:00:43", "21 Jan 2019 09:00:43 PST", "31 Feb 2024 00:00:00 GMT",
        "001 Feb 2024 00:00:00 GMT", "+1 Feb 2024 00:00:00 GMT", "1 feb 2024 00:00:00 GMT", "1 Feb 24 00:00:00 GMT",
        "1 Feb 2024 24:00:00 GMT", "1 Feb 2024 0:00:00 GMT", "2024-02-01T00:00:00Z",
    ])
    func `another text is no time of maintenance`(text: String) {
        #expect(WallTime(eventDate: text) == nil)
    }

    @Test func `the Date of an answer is read`() {
        #expect(WallTime(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT")?.rfc3339 == "1994-11-06T08:49:37Z")
        #expect(WallTime(httpDate: "06 Nov 1994 08:49:37 GMT") == nil)
        #expect(WallTime(httpDate: "Sunday, 06-Nov-94 08:49:37 GMT") == nil)
    }

    @Test func `a clock that is off by an hour is corrected, and said so once`() {
        let remarks = Shelf<AWSRemark>()
        let clock = WorldClock(anchor: anchor) { remarks.add($0) }
        for second in 0..<3 {
            let moment = Moment.seconds(Double(second))
            let date = anchor.wall(at: moment).advanced(by: .seconds(3600)).httpDate
            clock.observe(date: date, sent: moment, received: moment)
        }
        #expect(clock.wall(at: .seconds(0)).rfc3339 == "2026-01-01T01:00:00Z")
        #expect(remarks.items == [.clockCorrected(by: .seconds(3600))])
    }

    @Test(arguments: [
        "Thu, 01 Jan 2026 00:00:04 GMT", "Wed, 31 Dec 2025 23:59:56 GMT", "Thu, 01 Jan 1970 01:00:00 GMT", "never", "",
    ])
    func `a small difference and a date that is none change nothing`(date: String) {
        let remarks = Shelf<AWSRemark>()
        let clock = WorldClock(anchor: anchor) { remarks.add($0) }
        clock.observe(date: date, sent: .seconds(0), received: .seconds(0))
        #expect(clock.anchor == anchor)
        #expect(remarks.items.isEmpty)
    }

    @Test func `the Date is looked at again after a while, not at each answer`() {
        let clock = WorldClock(anchor: anchor) { _ in }
        clock.observe(date: anchor.wall.httpDate, sent: .seconds(0), received: .seconds(0))
        let late = { (second: Double) in anchor.wall(at: .seconds(second)).advanced(by: .seconds(3600)).httpDate }
        clock.observe(date: late(9), sent: .seconds(9), received: .seconds(9))
        #expect(clock.anchor == anchor)
        clock.observe(date: late(10), sent: .seconds(10), received: .seconds(10))
        #expect(clock.wall(at: .seconds(10)).rfc3339 == "2026-01-01T01:00:10Z")
    }

    private let anchor = WallClockAnchor(wall: FakeEC2.wall, moment: .seconds(0))
}
