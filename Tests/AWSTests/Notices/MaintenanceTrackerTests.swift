import Interruption
import Testing

@testable import AWS

struct MaintenanceTrackerTests {
    @Test(arguments: [
        ("instance-stop", true), ("instance-retirement", false), ("instance-reboot", true), ("system-reboot", true),
        ("system-maintenance", true), ("something-new", true),
    ])
    func `every code is maintenance, half an hour ahead`(code: String, returns: Bool) {
        var tracker = tracker()
        let finding = read(&tracker, [event(code: code, begin: "1 Jan 2026 00:30:00 GMT")], at: 0)
        let notice = notice(of: finding)
        #expect(notice?.kind == .maintenance)
        #expect(notice?.words == code)
        #expect(notice?.returns == returns)
        #expect(notice?.id.rawValue == "instance-event-0d59937288b749b32")
        #expect(notice?.deadline.moment == .seconds(1800))
        #expect(notice?.deadline.certainty == .announced)
    }

    @Test func `an id and a code of whatever length are cut and cleaned`() throws {
        let long = "a\\n" + String(repeating: "b", count: 100_000)
        let entry = #"[{"EventId":"\#(long)","Code":"\#(long)","NotBefore":"1 Jan 2026 00:30:00 GMT"}]"#
        let event = try #require(MaintenanceEvent.list(Array(entry.utf8))?.events.first)
        #expect(event.id == "a " + String(repeating: "b", count: 126))
        #expect(event.code == "a " + String(repeating: "b", count: 62))
    }

    @Test(arguments: ["", "---", "äö"])
    func `an identity is never empty`(fact: String) {
        #expect(NoticeID("", of: fact).rawValue == "unnamed")
    }

    @Test func `an action that nobody knows is told in 32 characters, however they are put together`() {
        let name = "e" + String(repeating: "\u{301}", count: 10_000)
        #expect(SpotAction.Action.other(name).words.utf8.count < 100)
    }

    @Test func `weeks ahead it is planned, told once, and no notice`() {
        var tracker = tracker()
        let entry = event(begin: "21 Jan 2026 09:00:43 GMT")
        let first = read(&tracker, [entry], at: 0)
        #expect(first.reports.isEmpty)
        #expect(
            first.remarks == [
                .planned(
                    PlannedWork(
                        eventID: "instance-event-0d59937288b749b32", code: "system-reboot",
                        notBefore: wall("2026-01-21T09:00:43Z"),
                        noticeFrom: wall("2026-01-21T08:30:43Z")))
            ])
        #expect(read(&tracker, [entry], at: 5) == Finding())
    }

    @Test func `it becomes a notice exactly at its lead time, and stays equal`() {
        var tracker = MaintenanceTracker(
            leads: MaintenanceLeads(perCode: ["system-reboot": .seconds(600)]), assumed: AssumedNotices())
        let entry = event(begin: "1 Jan 2026 01:00:00 GMT")
        #expect(read(&tracker, [entry], at: 2999).reports.isEmpty)
        let first = read(&tracker, [entry], at: 3000)
        #expect(first.reports.count == 1)
        #expect(first.remarks == [.due(eventID: "instance-event-0d59937288b749b32")])
        #expect(read(&tracker, [entry], at: 3500) == Finding(reports: first.reports))
    }

    @Test(arguments: [
        ("completed", "work"), ("canceled", "work"), ("Cancelled", "work"), ("active", "[Completed] work"),
        ("active", "[Canceled] work"), ("", "[completed] work"),
    ])
    func `an event that ended is withdrawn once`(state: String, description: String) {
        var tracker = tracker()
        _ = read(&tracker, [event(begin: "1 Jan 2026 00:20:00 GMT")], at: 0)
        let ended = event(begin: "1 Jan 2026 00:20:00 GMT", state: state, description: description)
        let finding = read(&tracker, [ended], at: 5)
        guard case .withdrawn(let id, _)? = finding.reports.first else {
            Issue.record("nothing was withdrawn")
            return
        }
        #expect(id.rawValue == "instance-event-0d59937288b749b32")
        #expect(read(&tracker, [ended], at: 10).reports.isEmpty)
    }

    @Test func `an event that ended before we looked is nothing`() {
        var tracker = tracker()
        #expect(read(&tracker, [event(begin: "1 Jan 2026 00:20:00 GMT", state: "completed")], at: 0) == Finding())
    }

    @Test(arguments: [Optional<String>.none, "[]", "[ ]\n"])
    func `an event that two answers do not mention is withdrawn once`(empty: String?) {
        var tracker = tracker()
        _ = read(&tracker, [event(begin: "1 Jan 2026 00:20:00 GMT")], at: 0)
        let counts = (1...4).map {
            tracker.read(empty.map { Array($0.utf8) }, at: .seconds(Double($0) * 5), by: anchor, started: nil).reports
                .count
        }
        #expect(counts == [0, 1, 0, 0])
    }

    @Test func `planned work that is not mentioned any more is told`() {
        var tracker = tracker()
        _ = read(&tracker, [event(begin: "21 Jan 2026 09:00:43 GMT")], at: 0)
        let finding = tracker.read(nil, at: .seconds(5), by: anchor, started: nil)
        #expect(finding.remarks == [.unplanned(eventID: "instance-event-0d59937288b749b32")])
    }

    @Test func `an event that is put off is withdrawn and planned anew`() {
        var tracker = tracker()
        _ = read(&tracker, [event(begin: "1 Jan 2026 00:20:00 GMT")], at: 0)
        let finding = read(&tracker, [event(begin: "8 Jan 2026 00:20:00 GMT")], at: 5)
        #expect(finding.reports.count == 1)
        #expect(finding.remarks.count == 1)
        #expect(notice(of: finding) == nil)
    }

    @Test(arguments: ["soon", "", "2026-01-01T00:20:00Z", "32 Jan 2026 00:00:00 GMT"])
    func `a date that does not parse spoils only its own entry`(date: String) {
        var tracker = tracker()
        let finding = read(
            &tracker, [event(id: "bad", begin: date), event(id: "good", begin: "1 Jan 2026 00:20:00 GMT")], at: 0)
        #expect(finding.fault == nil)
        #expect(finding.reports.count == 1)
        #expect(notice(of: finding)?.id.rawValue == "good")
        #expect(finding.remarks.count == 1)
    }

    @Test(arguments: ["7", "null", "\"text\"", "{\"EventId\":7}", "{}"])
    func `an entry of another shape spoils only itself`(entry: String) {
        var tracker = tracker()
        let finding = read(&tracker, [entry, event(begin: "1 Jan 2026 00:20:00 GMT")], at: 0)
        #expect(finding.reports.count == 1)
    }

    @Test func `a standing event whose date becomes unreadable still stands`() {
        var tracker = tracker()
        _ = read(&tracker, [event(begin: "1 Jan 2026 00:20:00 GMT")], at: 0)
        for second in 1...5 { #expect(read(&tracker, [event(begin: "?")], at: second).reports.isEmpty) }
    }

    @Test func `an end that is missing or unreadable does not matter`() {
        var tracker = tracker()
        let entry = """
            {"NotBefore":"1 Jan 2026 00:20:00 GMT","NotAfter":"later","Code":"system-reboot","EventId":"e","State":"active"}
            """
        #expect(read(&tracker, [entry], at: 0).reports.count == 1)
    }

    @Test func `work that may begin at any moment leaves a little time`() {
        var tracker = tracker()
        let entry = event(begin: "31 Dec 2025 23:50:00 GMT")
        let first = read(&tracker, [entry], at: 0)
        #expect(notice(of: first)?.deadline.moment == .seconds(30))
        #expect(notice(of: first)?.deadline.certainty == .assumed)
        #expect(read(&tracker, [entry], at: 100) == first)
    }

    @Test(arguments: [("system-reboot", 0), ("instance-stop", 0), ("system-maintenance", 1)])
    func `a reboot that happened is not waited for again`(code: String, notices: Int) {
        var tracker = tracker()
        let entry = event(code: code, begin: "31 Dec 2025 23:50:00 GMT")
        let finding = tracker.read(
            Array("[\(entry)]".utf8), at: .seconds(0), by: anchor, started: wall("2025-12-31T23:55:00Z"))
        #expect(finding.reports.count == notices)
    }

    @Test func `an event that AWS forgot to close is not under way`() {
        var tracker = tracker()
        #expect(read(&tracker, [event(begin: "30 Dec 2025 00:00:00 GMT")], at: 0).reports.isEmpty)
    }

    @Test(arguments: ["{}", "nonsense", "<html/>", "", "\"\""])
    func `a body that is no list is a fault`(body: String) {
        var tracker = tracker()
        let finding = tracker.read(Array(body.utf8), at: .seconds(0), by: anchor, started: nil)
        #expect(finding.fault != nil)
        #expect(finding.reports.isEmpty)
    }

    private let anchor = WallClockAnchor(wall: FakeEC2.wall, moment: .seconds(0))
    private func tracker() -> MaintenanceTracker {
        MaintenanceTracker(leads: MaintenanceLeads(), assumed: AssumedNotices())
    }
    private func wall(_ text: String) -> WallTime { WallTime(rfc3339: text) ?? FakeEC2.wall }

    private func read(_ tracker: inout MaintenanceTracker, _ entries: [String], at second: Int) -> Finding {
        tracker.read(
            Array("[\(entries.joined(separator: ","))]".utf8), at: .seconds(Double(second)), by: anchor, started: nil)
    }

    private func event(
        id: String = "instance-event-0d59937288b749b32", code: String = "system-reboot", begin: String,
        state: String = "active",
        description: String = "scheduled reboot"
    ) -> String {
        """
        {"NotBefore":"\(begin)","Code":"\(code)","Description":"\(description)","EventId":"\(id)","State":"\(state)"}
        """
    }

    private func notice(of finding: Finding) -> Notice? {
        for case .notice(let notice) in finding.reports { return notice }
        return nil
    }
}
