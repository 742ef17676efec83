import Interruption
import Testing

@testable import AWS

struct RebalanceTrackerTests {
    @Test func `advice is a notice with an assumed deadline`() {
        var tracker = tracker()
        let notice = notice(of: tracker.read(advice("2026-01-01T00:00:00Z"), at: .seconds(0), by: anchor, id: id))
        #expect(notice?.kind == .rebalance)
        #expect(notice?.deadline.certainty == .assumed)
        #expect(notice?.deadline.moment == .seconds(600))
        #expect(notice?.facts == ["noticeTime": "2026-01-01T00:00:00Z"])
    }

    @Test func `read again it is equal, even if its time moves`() {
        var tracker = tracker()
        let first = tracker.read(advice("2026-01-01T00:00:00Z"), at: .seconds(0), by: anchor, id: id)
        #expect(tracker.read(advice("2026-01-01T00:00:00Z"), at: .seconds(5), by: anchor, id: id) == first)
        #expect(tracker.read(advice("2026-01-01T00:00:10Z"), at: .seconds(10), by: anchor, id: id) == first)
    }

    @Test func `advice that led to nothing is withdrawn once, and stays so while it stands in the metadata`() {
        var tracker = tracker()
        var withdrawn: [Int] = []
        var told: [Int] = []
        for second in stride(from: 0, through: 10_000, by: 5) {
            for report in tracker.read(advice("2026-01-01T00:00:00Z"), at: .seconds(Double(second)), by: anchor, id: id)
                .reports
            {
                if case .withdrawn = report { withdrawn.append(second) } else { told.append(second) }
            }
        }
        #expect(withdrawn == [3600])
        #expect(told.last == 3595)
    }

    @Test func `old advice is not taken up again after a restart`() {
        var tracker = tracker()
        #expect(tracker.read(advice("2025-12-31T22:59:59Z"), at: .seconds(0), by: anchor, id: id).reports.isEmpty)
    }

    @Test func `new advice after the old one ended is a notice again`() {
        var tracker = tracker()
        _ = tracker.read(advice("2025-12-31T20:00:00Z"), at: .seconds(0), by: anchor, id: id)
        #expect(tracker.read(advice("2026-01-01T00:00:00Z"), at: .seconds(5), by: anchor, id: id).reports.count == 1)
    }

    @Test func `a time that moves at each read does not bring ended advice back`() {
        var tracker = tracker()
        var told = 0
        for second in stride(from: 0, through: 8000, by: 5) {
            let time = anchor.wall(at: .seconds(Double(second))).rfc3339
            let reports = tracker.read(advice(time), at: .seconds(Double(second)), by: anchor, id: id).reports
            if second > 3600 { told += reports.count }
        }
        #expect(told == 0)
    }

    @Test func `advice that is gone twice in a row is withdrawn once`() {
        var tracker = tracker()
        _ = tracker.read(advice("2026-01-01T00:00:00Z"), at: .seconds(0), by: anchor, id: id)
        let counts = (1...4).map { tracker.read(nil, at: .seconds(Double($0) * 5), by: anchor, id: id).reports.count }
        #expect(counts == [0, 1, 0, 0])
    }

    @Test(arguments: ["?", "{}", "{\"noticeTime\":\"soon\"}", "[1]"])
    func `advice that cannot be read is advice, and told once`(body: String) {
        var tracker = tracker()
        let first = tracker.read(Array(body.utf8), at: .seconds(0), by: anchor, id: id)
        #expect(notice(of: first)?.kind == .rebalance)
        #expect(first.remarks.count == 1)
        #expect(tracker.read(Array(body.utf8), at: .seconds(5), by: anchor, id: id).remarks.isEmpty)
    }

    @Test func `a page is a fault`() {
        var tracker = tracker()
        let finding = tracker.read(Array("<html/>".utf8), at: .seconds(0), by: anchor, id: id)
        #expect(finding.reports.isEmpty)
        #expect(finding.fault != nil)
    }

    private let id = NoticeID(rawValue: "rebalance-i-1")
    private let anchor = WallClockAnchor(wall: FakeEC2.wall, moment: .seconds(0))
    private func tracker() -> RebalanceTracker { RebalanceTracker(assumed: AssumedNotices(), expiry: .seconds(3600)) }
    private func advice(_ time: String) -> [UInt8] { Array("{\"noticeTime\":\"\(time)\"}".utf8) }

    private func notice(of finding: Finding) -> Notice? {
        if case .notice(let notice)? = finding.reports.first { notice } else { nil }
    }
}
