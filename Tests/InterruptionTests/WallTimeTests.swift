import Interruption
import Testing

@Suite struct `Times of day` {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2017-09-18T08:22:00Z", 1_505_722_920),
            ("2000-02-29T23:59:59Z", 951_868_799), ("2026-11-21T02:00:00+02:00", 1_795_219_200),
            ("1969-12-31T23:59:59Z", -1), ("2100-03-01T00:00:00Z", 4_107_542_400),
        ])
    func `are read from RFC 3339`(text: String, seconds: Int) {
        #expect(WallTime(rfc3339: text)?.sinceEpoch == .seconds(seconds))
    }

    @Test(
        arguments: [
            "", "soon", "2017-09-18", "2017-09-18T08:22:00", "2017-9-18T08:22:00Z", "2017-13-18T08:22:00Z",
            "2017-02-29T08:22:00Z", "2017-09-18T24:22:00Z", "2017-09-18T08:22:00Zx", "2017-09-18T08:22:00.Z",
            "<html>", "9999999999-01-01T00:00:00Z", "2017-09-18T08:22:00+25:00",
            // An offset or a leap second that leads to a year that cannot be written down and read again.
            "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z", "0000-01-01T00:00:00+00:01",
        ])
    func `are not read from anything else`(text: String) {
        #expect(WallTime(rfc3339: text) == nil)
    }

    @Test func `are not read from a year that cannot be written, in no notation`() {
        #expect(WallTime(eventDate: "31 Dec 9999 23:59:60 GMT") == nil)
        #expect(WallTime(httpDate: "Fri, 31 Dec 9999 23:59:59 GMT")?.rfc3339 == "9999-12-31T23:59:59Z")
        #expect(WallTime(rfc3339: "0000-01-01T00:00:00Z")?.rfc3339 == "0000-01-01T00:00:00Z")
    }

    @Test func `keep their fraction`() {
        #expect(WallTime(rfc3339: "1970-01-01T00:00:01.25Z")?.sinceEpoch == .milliseconds(1250))
        #expect(WallTime(sinceEpoch: .milliseconds(1250)).rfc3339Micro == "1970-01-01T00:00:01.250000Z")
        #expect(WallTime(sinceEpoch: .milliseconds(-250)).rfc3339Micro == "1969-12-31T23:59:59.750000Z")
    }

    @Test func `survive writing and reading for every day of four centuries`() {
        for day in stride(from: -146_097, through: 146_097, by: 1) {
            let time = WallTime(sinceEpoch: .seconds(day * 86400 + 3723))
            guard WallTime(rfc3339: time.rfc3339) == time else {
                Issue.record("day \(day) became \(time.rfc3339)")
                return
            }
        }
    }

    @Test func `an anchor goes both ways and does not follow a stepped clock`() {
        let anchor = WallClockAnchor(
            wall: WallTime(sinceEpoch: .seconds(1000)), moment: Moment(sinceOrigin: .seconds(7)))
        let later = WallTime(sinceEpoch: .seconds(1120))
        #expect(anchor.moment(at: later) == Moment(sinceOrigin: .seconds(127)))
        #expect(anchor.wall(at: anchor.moment(at: later)) == later)
    }
}

@Suite struct `Deadlines` {
    private func deadline(_ seconds: Int) -> Deadline {
        Deadline(
            moment: Moment(sinceOrigin: .seconds(seconds)), wall: WallTime(sinceEpoch: .seconds(seconds)),
            certainty: .announced)
    }

    @Test func `only tighten`() {
        #expect(deadline(10).tightened(to: deadline(5)) == deadline(5))
        #expect(deadline(5).tightened(to: deadline(10)) == deadline(5))
    }

    @Test func `leave no negative time`() {
        #expect(deadline(10).timeLeft(at: Moment(sinceOrigin: .seconds(4))) == .seconds(6))
        #expect(deadline(10).timeLeft(at: Moment(sinceOrigin: .seconds(40))) == .zero)
    }
}
