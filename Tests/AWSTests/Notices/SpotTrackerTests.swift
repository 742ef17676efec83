import Interruption
import Testing

@testable import AWS

struct SpotTrackerTests {
    @Test func `an announcement whose time passed long ago is none, and one that goes stale is taken back`() {
        let body = Array(#"{"action":"terminate","time":"2026-01-01T00:02:00Z"}"#.utf8)
        var tracker = SpotTracker(assumed: AssumedNotices())
        #expect(tracker.actionRead(body, at: .seconds(300), by: anchor, id: NoticeID(rawValue: "a")) == Finding())
        _ = tracker.actionRead(body, at: .seconds(10), by: anchor, id: NoticeID(rawValue: "a"))
        #expect(tracker.stands)
        _ = tracker.actionRead(body, at: .seconds(230), by: anchor, id: NoticeID(rawValue: "a"))
        #expect(tracker.stands)
        _ = tracker.actionRead(body, at: .seconds(241), by: anchor, id: NoticeID(rawValue: "a"))
        let last = tracker.actionRead(body, at: .seconds(242), by: anchor, id: NoticeID(rawValue: "a"))
        #expect(!tracker.stands)
        #expect(last.reports.count == 1)
    }

    @Test(arguments: [
        ("terminate", "spot terminate", false), ("stop", "spot stop", true), ("hibernate", "spot hibernate", true),
        ("vaporize", "spot interruption (vaporize)", false),
    ])
    func `an announcement is a reclaim`(action: String, words: String, returns: Bool) throws {
        let notice = try #require(self.notice(of: act("{\"action\":\"\(action)\",\"time\":\"2026-01-01T00:02:00Z\"}")))
        #expect(notice.kind == .reclaim)
        #expect(notice.id == id)
        #expect(notice.words == words)
        #expect(notice.returns == returns)
        #expect(notice.facts == ["time": "2026-01-01T00:02:00Z"])
    }

    @Test(arguments: ["terminate", "stop"])
    func `its deadline is the time that it names`(action: String) {
        let notice = notice(of: act("{\"action\":\"\(action)\",\"time\":\"2026-01-01T00:02:00Z\"}"))
        #expect(notice?.deadline == Deadline(at: time("00:02:00"), by: anchor, certainty: .announced))
    }

    @Test func `hibernation begins at once, whatever the time says`() {
        let notice = notice(of: act("{\"action\":\"hibernate\",\"time\":\"2026-01-01T00:02:00Z\"}"))
        #expect(notice?.deadline.moment == .seconds(30))
        #expect(notice?.deadline.certainty == .assumed)
    }

    @Test func `hibernation that is announced for sooner keeps its time`() {
        let notice = notice(of: act("{\"action\":\"hibernate\",\"time\":\"2026-01-01T00:00:10Z\"}"))
        #expect(notice?.deadline == Deadline(at: time("00:00:10"), by: anchor, certainty: .announced))
    }

    @Test(arguments: [
        "not json", "{", "{}", "[]", "null", "{\"action\":7}", "{\"time\":\"2026-01-01T00:02:00Z\"}", "terminate",
        "{\"action\":\"terminate\",\"time\":\"2026-01-01T00:0",
    ])
    func `an announcement that cannot be read is an interruption, and shouted about once`(body: String) throws {
        var tracker = SpotTracker(assumed: AssumedNotices())
        let first = tracker.actionRead(Array(body.utf8), at: .seconds(0), by: anchor, id: id)
        let notice = try #require(self.notice(of: first))
        #expect(notice.kind == .reclaim)
        #expect(notice.deadline.moment == .seconds(60))
        #expect(notice.deadline.certainty == .assumed)
        #expect(first.remarks.count == 1)
        let second = tracker.actionRead(Array(body.utf8), at: .seconds(1), by: anchor, id: id)
        #expect(second.reports == first.reports)
        #expect(second.remarks.isEmpty)
    }

    @Test func `an unreadable announcement that just appeared has its two minutes from the last silence`() {
        var tracker = SpotTracker(assumed: AssumedNotices())
        _ = tracker.actionRead(nil, at: .seconds(10), by: anchor, id: id)
        let finding = tracker.actionRead(Array("?".utf8), at: .seconds(11), by: anchor, id: id)
        #expect(notice(of: finding)?.deadline.moment == .seconds(130))
    }

    @Test(arguments: ["\"soon\"", "null", "\"2026-13-01T00:00:00Z\""])
    func `an announcement without a time has an assumed deadline`(time: String) {
        let finding = act("{\"action\":\"terminate\",\"time\":\(time)}")
        #expect(notice(of: finding)?.words == "spot terminate")
        #expect(notice(of: finding)?.deadline.certainty == .assumed)
        #expect(finding.remarks.count == 1)
    }

    @Test(arguments: ["", " \n", "<html>404</html>", "\n<?xml version=\"1.0\"?>"])
    func `a page that something in between puts there is a fault and no announcement`(body: String) {
        let finding = act(body)
        #expect(finding.reports.isEmpty)
        #expect(finding.fault != nil)
    }

    @Test func `an announcement whose time has passed leaves a little time`() {
        let finding = act("{\"action\":\"terminate\",\"time\":\"2025-12-31T23:59:00Z\"}")
        #expect(notice(of: finding)?.deadline.moment == .seconds(30))
        #expect(notice(of: finding)?.deadline.certainty == .assumed)
    }

    @Test func `another time, when the first has passed, is another deadline under the same name`() {
        func body(_ time: String) -> [UInt8] { Array("{\"action\":\"terminate\",\"time\":\"\(time)\"}".utf8) }
        var tracker = SpotTracker(assumed: AssumedNotices())
        _ = tracker.actionRead(body("2026-01-01T00:00:10Z"), at: .seconds(0), by: anchor, id: id)
        let later = tracker.actionRead(body("2026-01-01T00:03:00Z"), at: .seconds(60), by: anchor, id: id)
        #expect(notice(of: later)?.deadline.moment == .seconds(180))
        #expect(notice(of: later)?.facts["time"] == "2026-01-01T00:03:00Z")
        let early = tracker.actionRead(body("2026-01-01T00:04:00Z"), at: .seconds(61), by: anchor, id: id)
        #expect(notice(of: early)?.deadline.moment == .seconds(180))
    }

    @Test func `the same announcement read twice is equal`() {
        var tracker = SpotTracker(assumed: AssumedNotices())
        let body = Array("{\"action\":\"hibernate\",\"time\":\"2026-01-01T00:02:00Z\"}".utf8)
        let first = tracker.actionRead(body, at: .seconds(0), by: anchor, id: id)
        for second in 1...200 {
            #expect(tracker.actionRead(body, at: .seconds(Double(second)), by: anchor, id: id) == first)
        }
    }

    @Test func `a time that moves away changes nothing, one that comes closer tightens`() {
        var tracker = SpotTracker(assumed: AssumedNotices())
        var told: [Notice?] = []
        for clock in ["00:02:00", "00:02:01", "00:01:50", "00:02:02"] {
            let body = Array("{\"action\":\"terminate\",\"time\":\"2026-01-01T\(clock)Z\"}".utf8)
            told.append(notice(of: tracker.actionRead(body, at: .seconds(0), by: anchor, id: id)))
        }
        #expect(told.map { $0?.deadline.wall } == ["00:02:00", "00:02:00", "00:01:50", "00:01:50"].map { time($0) })
        #expect(Set(told.map { $0?.id }) == [id])
    }

    @Test func `both paths make one notice with the earlier deadline`() {
        var tracker = SpotTracker(assumed: AssumedNotices())
        let body = Array("{\"action\":\"terminate\",\"time\":\"2026-01-01T00:02:00Z\"}".utf8)
        _ = tracker.actionRead(body, at: .seconds(0), by: anchor, id: id)
        let other = tracker.terminationTimeRead(Array("2026-01-01T00:01:59Z".utf8), at: .seconds(1), by: anchor, id: id)
        #expect(notice(of: other)?.id == id)
        #expect(notice(of: other)?.deadline.wall == time("00:01:59"))
        #expect(notice(of: other)?.words == "spot terminate")
    }

    @Test(arguments: [
        nil, "", "no time", "2015-01-05T18:02:00Z", "2025-12-31T23:59:59Z", "2026-01-01 00:02:00", "<html>",
    ])
    func `a termination time that is past or no time is no notice`(body: String?) {
        var tracker = SpotTracker(assumed: AssumedNotices())
        let finding = tracker.terminationTimeRead(body.map { Array($0.utf8) }, at: .seconds(0), by: anchor, id: id)
        #expect(finding.reports.isEmpty)
    }

    @Test func `a termination time to come is a notice`() {
        var tracker = SpotTracker(assumed: AssumedNotices())
        let finding = tracker.terminationTimeRead(
            Array("2026-01-01T00:02:00Z\n".utf8), at: .seconds(0), by: anchor, id: id)
        #expect(notice(of: finding)?.deadline.moment == .seconds(120))
    }

    @Test func `an announcement that is gone twice in a row is withdrawn once`() {
        var tracker = SpotTracker(assumed: AssumedNotices())
        let body = Array("{\"action\":\"terminate\",\"time\":\"2026-01-01T00:02:00Z\"}".utf8)
        var withdrawals: [Int] = []
        for (step, value) in [body, nil, body, nil, nil, nil, nil].enumerated() {
            let finding = tracker.actionRead(value, at: .seconds(Double(step)), by: anchor, id: id)
            if finding.reports.contains(where: { if case .withdrawn(id, _) = $0 { true } else { false } }) {
                withdrawals.append(step)
            }
        }
        #expect(withdrawals == [4])
    }

    @Test func `a notice stands as long as one of the paths announces it`() {
        var tracker = SpotTracker(assumed: AssumedNotices())
        let time = Array("2026-01-01T00:02:00Z".utf8)
        _ = tracker.terminationTimeRead(time, at: .seconds(0), by: anchor, id: id)
        for second in 1...4 {
            #expect(tracker.actionRead(nil, at: .seconds(Double(second)), by: anchor, id: id).reports.isEmpty)
        }
        #expect(tracker.terminationTimeRead(nil, at: .seconds(5), by: anchor, id: id).reports.isEmpty)
        #expect(tracker.terminationTimeRead(nil, at: .seconds(10), by: anchor, id: id).reports.count == 1)
        #expect(!tracker.stands)
    }

    @Test func `a termination time that EC2 did not keep goes stale and does not come back`() {
        var tracker = SpotTracker(assumed: AssumedNotices())
        let time = Array("2026-01-01T00:02:00Z".utf8)
        var last: [Int] = []
        var withdrawn: [Int] = []
        for second in stride(from: 0, through: 1000, by: 5) {
            let reports = tracker.terminationTimeRead(time, at: .seconds(Double(second)), by: anchor, id: id).reports
            for report in reports {
                if case .withdrawn = report { withdrawn.append(second) } else { last.append(second) }
            }
        }
        #expect(last.last == 235)
        #expect(withdrawn == [245])
    }

    private let id = NoticeID(rawValue: "spot-i-1")
    private let anchor = WallClockAnchor(wall: FakeEC2.wall, moment: .seconds(0))

    private func act(_ body: String) -> Finding {
        var tracker = SpotTracker(assumed: AssumedNotices())
        return tracker.actionRead(Array(body.utf8), at: .seconds(0), by: anchor, id: id)
    }

    private func time(_ clock: String) -> WallTime {
        WallTime(rfc3339: "2026-01-01T\(clock)Z") ?? FakeEC2.wall
    }

    private func notice(of finding: Finding) -> Notice? {
        if case .notice(let notice)? = finding.reports.first { notice } else { nil }
    }
}
