import Interruption
import Testing

@testable import AWS

struct ScaleInTrackerTests {
    @Test(arguments: ["InService", "Standby", "Detached", "Warmed:Running", "InService\n"])
    func `a machine that stays is no notice`(state: String) {
        #expect(read(state) == Finding())
    }

    @Test(arguments: [
        ("Terminated", false, 60.0), ("Warmed:Terminated", false, 60), ("Warmed:Stopped", true, 60),
        ("Warmed:Hibernated", true, 30),
        ("Terminated\n", false, 60),
    ])
    func `a machine that goes is a scale-in`(state: String, returns: Bool, seconds: Double) {
        let notice = notice(of: read(state))
        #expect(notice?.kind == .scaleIn)
        #expect(notice?.id.rawValue == "scale-in-i-1")
        #expect(notice?.returns == returns)
        #expect(notice?.deadline.moment == .seconds(seconds))
        #expect(notice?.deadline.certainty == .assumed)
        #expect(notice?.hasHook == false)
    }

    @Test func `a hook's timeout is the deadline`() {
        let notice = notice(of: read("Terminated", hooks: .init(areThere: true, timeout: .seconds(300))))
        #expect(notice?.deadline.moment == .seconds(300))
        #expect(notice?.deadline.certainty == .announced)
        #expect(notice?.hasHook == true)
    }

    @Test func `read again it is equal, however much time has passed`() {
        var tracker = ScaleInTracker(assumed: AssumedNotices())
        let first = tracker.read(Array("Terminated".utf8), at: .seconds(0), by: anchor, machine: "i-1", hooks: .none)
        #expect(!tracker.isNews(Array("Terminated".utf8)))
        let second = tracker.read(Array("Terminated".utf8), at: .seconds(50), by: anchor, machine: nil, hooks: .none)
        #expect(second == first)
    }

    @Test(arguments: [Optional<String>.none, "InService", "Detached"])
    func `a state that is taken back twice in a row is withdrawn once`(state: String?) {
        var tracker = ScaleInTracker(assumed: AssumedNotices())
        _ = tracker.read(Array("Terminated".utf8), at: .seconds(0), by: anchor, machine: "i-1", hooks: .none)
        let counts = (1...4).map {
            tracker.read(state.map { Array($0.utf8) }, at: .seconds(Double($0)), by: anchor, machine: nil, hooks: .none)
                .reports.count
        }
        #expect(counts == [0, 1, 0, 0])
    }

    @Test func `a state that is not documented is left out and told once`() {
        var tracker = ScaleInTracker(assumed: AssumedNotices())
        let counts = (1...3).map { _ in
            tracker.read(Array("Vaporized".utf8), at: .seconds(0), by: anchor, machine: nil, hooks: .none).remarks.count
        }
        #expect(counts == [1, 0, 0])
    }

    @Test(arguments: ["", "<html>Terminated</html>"])
    func `a page is a fault`(body: String) {
        #expect(read(body).fault != nil)
        #expect(read(body).reports.isEmpty)
    }

    private let anchor = WallClockAnchor(wall: FakeEC2.wall, moment: .seconds(0))

    private func read(_ state: String, hooks: ScaleInTracker.Hooks = .none) -> Finding {
        var tracker = ScaleInTracker(assumed: AssumedNotices())
        return tracker.read(Array(state.utf8), at: .seconds(0), by: anchor, machine: "i-1", hooks: hooks)
    }

    private func notice(of finding: Finding) -> Notice? {
        if case .notice(let notice)? = finding.reports.first { notice } else { nil }
    }
}
