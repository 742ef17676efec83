import Interruption
import Testing

@testable import Notify

@Suite struct MessageTextTests {
    private func plain(_ notification: Notification) -> [String] {
        MessageText(notification).rendered(in: .plain, within: TextLimit(20_000, .bytes)).split(separator: "\n").map(
            String.init)
    }

    @Test func `the first message tells everything about the notice`() {
        #expect(
            plain(Fixtures.seen) == [
                "Node node-1 (cluster prod) is about to be reclaimed: 1 min 58 s left",
                "Node: node-1",
                "Cluster: prod",
                "Instance: i-0bb697ef2705e5b37",
                "Type: m5.large, spot",
                "Zone: eu-west-1a",
                "Kind: reclaim (spot terminate)",
                "Deadline: 2026-11-21T02:02:00Z, 1 min 58 s left",
                "Strategy: evict; a pod that its budget keeps is deleted when its own time has come",
                "Notice: spot-1795226520",
            ])
    }

    @Test(arguments: Fixtures.mild + Fixtures.hard)
    func `a dry run says so first, in every part that may be shown alone`(notification: Notification) {
        guard notification.event != .test else { return }
        let text = MessageText(notification.rehearsed)
        #expect(text.title.hasPrefix("DRY RUN: "))
        #expect(text.headline.hasPrefix("DRY RUN: "))
        #expect(text.facts.first?.label == "Dry run")
        #expect(text.severity == .info)
        #expect(TemplateField.dryRun.value(in: notification.rehearsed) == "true")
        #expect(TemplateField.dryRun.value(in: notification) == "false")
    }

    @Test func `a deadline that is not known yet is not given a time`() {
        let open = Deadline(
            moment: Moment(sinceOrigin: .seconds(7800)), wall: Fixtures.start.advanced(by: .seconds(7800)),
            certainty: .open)
        let notice = Notice(
            id: NoticeID(rawValue: "s"), kind: .scaleIn, deadline: open, words: "Auto Scaling Terminated")
        let plan = Plan(notice: notice, strategy: .evict, escalates: true, graceLimit: nil, margin: .zero)
        let text = MessageText(Fixtures.notification(.seen(plan, timeLeft: .seconds(7800))))
        #expect(text.title == "Node node-1 (cluster prod) is being scaled in: time left not known")
        #expect(!text.facts.contains { $0.value.contains("2026-") || $0.value.contains("2 h") })
    }

    @Test func `the outcome tells first what was not done`() {
        #expect(
            plain(Fixtures.outcome) == [
                "Node node-1 (cluster prod) was not empty at the deadline: 2 of 5 pods not out",
                "Outcome: deadline-reached",
                "Pods: 1 blocked, 1 terminating, 2 evicted, 1 deleted, 1 staying, 1 escalated",
                "Node: node-1",
                "Cluster: prod",
                "Instance: i-0bb697ef2705e5b37",
                "Type: m5.large, spot",
                "Zone: eu-west-1a",
                "Kind: reclaim (spot terminate)",
                "Strategy: evict",
                "Cordoned after: 80 ms",
                "Last request accepted after: 850 ms",
                "Time left: 0 s",
                "Deadline: 2026-11-21T02:02:00Z",
                "Requests repeated: 12 for budget",
                "Notice: spot-1795226520",
                "Blocked by a budget (1):",
                "- shop/db-0: budget shop/db",
                "Still terminating (1):",
                "- shop/slow-0",
                "Deleted against a budget (escalated) (1):",
                "- shop/queue-0: budget shop/queue",
                "Not done (1):",
                "- the taint was refused: forbidden",
                "Out (2):",
                "- shop/web-1",
                "- shop/web-2",
            ])
    }

    @Test func `an empty node is good news with its seconds`() {
        var report = Fixtures.report
        report.ending = .empty
        report.pods = [Fixtures.pod("a", .evicted), Fixtures.pod("b", .gone), Fixtures.pod("c", .skipped)]
        report.remarks = []
        report.toEmpty = .milliseconds(35_400)
        report.timeLeft = .seconds(83)
        let text = MessageText(Fixtures.notification(.outcome(report)))
        #expect(text.title == "Node node-1 (cluster prod) is empty: 2 pods out in 35 s, 1 min 23 s before the deadline")
        #expect(text.severity == .info)
    }

    @Test(arguments: [
        (Report.Ending.empty, MessageText.Severity.warning), (.deadlineReached, .error), (.withdrawn, .info),
        (.stopped, .warning), (.failed, .error),
    ])
    func `an ending has its severity, and an escalated pod is worth a look`(
        ending: Report.Ending, severity: MessageText.Severity
    ) {
        var report = Fixtures.report
        report.ending = ending
        #expect(MessageText(Fixtures.notification(.outcome(report))).severity == severity)
    }

    @Test(arguments: NoticeKind.allCases)
    func `every kind has a sentence with the node's name`(kind: NoticeKind) {
        let notice = Notice(id: Fixtures.notice.id, kind: kind, deadline: Fixtures.notice.deadline, words: "w")
        let text = MessageText(Fixtures.notification(.seen(Fixtures.plan.following(notice), timeLeft: .seconds(60))))
        #expect(text.title.contains("node-1"))
        #expect(text.facts.contains { $0.value == "\(kind.rawValue) (w)" })
    }

    @Test func `a deadline that nobody announced is called assumed`() {
        let assumed = Deadline(
            moment: Moment(sinceOrigin: .zero), wall: Fixtures.start, certainty: .assumed)
        let notice = Notice(id: Fixtures.notice.id, kind: .scaleIn, deadline: assumed, words: "")
        let text = MessageText(Fixtures.notification(.seen(Fixtures.plan.following(notice), timeLeft: .seconds(60))))
        #expect(
            text.facts.contains { $0.value == "2026-11-21T02:00:00Z (assumed, none was announced), about 1 min left" })
    }

    @Test func `a withdrawal says why, and what could not be undone`() {
        let notification = Fixtures.notification(
            .withdrawn(
                Fixtures.notice, because: "the cloud took it back", leftovers: ["the taint spot=true"], standing: nil))
        let lines = plain(notification)
        #expect(lines.first == "Notice withdrawn: node node-1 (cluster prod) is given back, but not all of it")
        #expect(lines.contains("Reason: the cloud took it back"))
        #expect(lines.suffix(2) == ["Could not be undone (1):", "- the taint spot=true"])
    }

    @Test func `a withdrawal while another notice stands says that the node stays as it is, and why`() {
        let lines = plain(
            Fixtures.notification(
                .withdrawn(Fixtures.notice, because: "canceled", leftovers: [], standing: Fixtures.notice)))
        #expect(
            lines.first
                == "Notice withdrawn: node node-1 (cluster prod) stays out of service because of \(Fixtures.notice.words)"
        )
        #expect(lines.contains("Still stands: \(Fixtures.notice.id)"))
    }

    @Test func `a test is marked as one`() {
        #expect(MessageText(Fixtures.test).title.hasPrefix("TEST: "))
    }

    @Test func `unknown facts are left out`() {
        let bare = Notification(
            event: .test, nodeName: "n", cluster: nil, machine: MachineIdentity(), time: Fixtures.start)
        #expect(MessageText(bare).facts.map(\.label) == ["Test", "Node", "Sent at"])
    }

    @Test func `a provider's fact cannot pass itself off as one of ours`() {
        let notice = Notice(
            id: Fixtures.notice.id, kind: .reclaim, deadline: Fixtures.notice.deadline, words: "w",
            facts: ["Node": "other"])
        let text = MessageText(Fixtures.notification(.seen(Fixtures.plan.following(notice), timeLeft: .zero)))
        #expect(text.facts.filter { $0.label == "Node" }.map(\.value) == ["node-1"])
    }

    @Test(arguments: Fixtures.all.indices)
    func `every part is one line within its bound`(index: Int) {
        let text = MessageText(Fixtures.all[index])
        #expect(text.headline.utf16.count <= 32)
        #expect(text.title.utf8.count <= 512)
        let lines =
            [text.title, text.headline] + text.facts.flatMap { [$0.label, $0.value] } + text.sections.flatMap(\.items)
        #expect(lines.allSatisfy { $0 == $0.singleLine })
    }

    @Test(arguments: [
        TextLimit(2048, .bytes), TextLimit(2000, .utf16), TextLimit(5000, .utf16), TextLimit(200, .bytes),
    ])
    func `no text is longer than its limit, and the bad news come before the good`(limit: TextLimit) {
        for notification in Fixtures.all {
            for dialect in [Dialect.plain, .slack, .googleChat, .markdown, .mattermost] {
                let text = MessageText(notification).rendered(in: dialect, within: limit)
                #expect(limit.allows(text))
                // What is told is always the first part of what there is: nothing overtakes a worse thing.
                let isTold = MessageText(notification).sections.map {
                    text.contains(dialect.escaped("\($0.heading) ("))
                }
                #expect(isTold == isTold.sorted { $0 && !$1 })
            }
        }
    }

    @Test func `what is not listed is counted`() throws {
        var report = Fixtures.report
        report.pods = (0..<250).map { Fixtures.pod("pod-\($0)", .blocked, detail: "budget shop/all") }
        let text = MessageText(Fixtures.notification(.outcome(report)))
            .rendered(in: .plain, within: TextLimit(2048, .bytes))
        let listed = text.split(separator: "\n").count { $0.contains("budget shop/all") }
        #expect(listed > 5)
        #expect(text.contains("- and \(250 - listed) more"))
    }

    @Test func `names of pods that left in peace are few`() {
        var report = Fixtures.report
        report.pods = (0..<250).map { Fixtures.pod("pod-\($0)", .evicted) }
        let lines = plain(Fixtures.notification(.outcome(report)))
        #expect(lines.last == "- and 225 more")
    }
}
