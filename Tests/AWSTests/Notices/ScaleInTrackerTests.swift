import Interruption
import Testing

@testable import AWS

struct ScaleInTrackerTests {
    @Test(arguments: ["InService", "Standby", "Detached", "Warmed:Running", "InService\n"])
    func `a machine that stays is no notice`(state: String) {
        #expect(read(state) == Finding())
    }

    @Test(arguments: [
        ("Terminated", false), ("Warmed:Terminated", false), ("Warmed:Stopped", true), ("Warmed:Hibernated", true),
        ("Terminated\n", false),
    ])
    func `a machine that goes is a scale-in whose time is open`(state: String, returns: Bool) {
        let notice = notice(of: read(state))
        #expect(notice?.kind == .scaleIn)
        #expect(notice?.id.rawValue == "scale-in-i-1")
        #expect(notice?.returns == returns)
        #expect(notice?.deadline.certainty == .open)
        #expect(notice?.hasHook == true)
    }

    @Test func `a hook's timeout is the deadline, counted from when the scale-in was seen`() {
        for isOurs in [true, false] {
            let notice = learned(.waits(.seconds(300), isOurs: isOurs), at: .seconds(40))
            #expect(notice?.deadline.moment == .seconds(300))
            #expect(notice?.deadline.certainty == .announced)
            #expect(notice?.hasHook == isOurs)
        }
    }

    @Test(arguments: [("Terminated", 60.0), ("Warmed:Stopped", 60), ("Warmed:Hibernated", 30)])
    func `without a hook the deadline is assumed`(state: String, seconds: Double) {
        let notice = learned(.none, after: state, at: .seconds(1))
        #expect(notice?.deadline.moment == .seconds(seconds))
        #expect(notice?.deadline.certainty == .assumed)
        #expect(notice?.hasHook == false)
    }

    @Test func `that there is no hook, and known late, leaves some time all the same`() {
        #expect(learned(.none, at: .seconds(100))?.deadline.moment == .seconds(130))
    }

    @Test func `what cannot be found out changes nothing, nor does anything after the withdrawal`() {
        #expect(learned(.unknown("denied"), at: .seconds(1)) == nil)
        var tracker = tracker
        _ = tracker.read(Array("Terminated".utf8), at: .seconds(0), by: anchor, machine: "i-1")
        for second in 1...2 {
            _ = tracker.read(Array("InService".utf8), at: .seconds(Double(second)), by: anchor, machine: nil)
        }
        #expect(tracker.learned(.none, by: anchor, at: .seconds(3)) == Finding())
    }

    @Test func `whatever comes to be known is not later than the open deadline`() {
        let open = AssumedNotices().unknownHook
        // The longest timeout that a hook may have, found out late.
        #expect(open > .seconds(7200))
    }

    @Test func `read again it is equal, however much time has passed`() {
        var tracker = tracker
        let first = tracker.read(Array("Terminated".utf8), at: .seconds(0), by: anchor, machine: "i-1")
        #expect(!tracker.isNews(Array("Terminated".utf8)))
        let second = tracker.read(Array("Terminated".utf8), at: .seconds(50), by: anchor, machine: nil)
        #expect(second == first)
    }

    @Test(arguments: ["InService", "Standby", "Detached"])
    func `a state that is taken back twice in a row is withdrawn once`(state: String) {
        #expect(reportCounts(behind: state) == [0, 1, 0, 0])
    }

    @Test func `silence behind a scale-in takes nothing back`() {
        #expect(reportCounts(behind: nil) == [0, 0, 0, 0])
    }

    @Test func `a state that is not documented is left out and told once`() {
        var tracker = tracker
        let counts = (1...3).map { _ in
            tracker.read(Array("Vaporized".utf8), at: .seconds(0), by: anchor, machine: nil).remarks.count
        }
        #expect(counts == [1, 0, 0])
    }

    @Test(arguments: ["", "<html>Terminated</html>"])
    func `a page is a fault`(body: String) {
        #expect(read(body).fault != nil)
        #expect(read(body).reports.isEmpty)
    }

    private let anchor = WallClockAnchor(wall: FakeEC2.wall, moment: .seconds(0))

    private let tracker = ScaleInTracker(assumed: AssumedNotices(), answersHooks: true)

    private func read(_ state: String) -> Finding {
        var tracker = tracker
        return tracker.read(Array(state.utf8), at: .seconds(0), by: anchor, machine: "i-1")
    }

    private func learned(_ outlook: HookOutlook, after state: String = "Terminated", at now: Moment) -> Notice? {
        var tracker = tracker
        _ = tracker.read(Array(state.utf8), at: .seconds(0), by: anchor, machine: "i-1")
        return notice(of: tracker.learned(outlook, by: anchor, at: now))
    }

    private func reportCounts(behind state: String?) -> [Int] {
        var tracker = tracker
        _ = tracker.read(Array("Terminated".utf8), at: .seconds(0), by: anchor, machine: "i-1")
        return (1...4).map {
            tracker.read(state.map { Array($0.utf8) }, at: .seconds(Double($0)), by: anchor, machine: nil).reports.count
        }
    }

    private func notice(of finding: Finding) -> Notice? {
        if case .notice(let notice)? = finding.reports.first { notice } else { nil }
    }
}
