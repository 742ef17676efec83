import Interruption
import Synchronization
import Transport

@testable import Notify

/// Notifications to say, mild and hard ones.
enum Fixtures {
    static let start = WallTime(sinceEpoch: .seconds(1_795_226_400))  // 2026-11-21T02:00:00Z

    static let notice = Notice(
        id: NoticeID(rawValue: "spot-1795226520"), kind: .reclaim,
        deadline: Deadline(
            moment: Moment(sinceOrigin: .seconds(120)), wall: start.advanced(by: .seconds(120)), certainty: .announced),
        words: "spot terminate")

    static let machine = MachineIdentity(
        instanceID: "i-0bb697ef2705e5b37", instanceType: "m5.large", zone: "eu-west-1a", region: "eu-west-1",
        lifeCycle: "spot")

    static func notification(_ event: Notification.Event, expiry: Moment? = nil) -> Notification {
        Notification(
            event: event, nodeName: "node-1", cluster: "prod", machine: machine, time: start, expiry: expiry)
    }

    static let plan = Plan(notice: notice, strategy: .evict, escalates: true, graceLimit: nil, margin: .seconds(5))

    static let seen = notification(.seen(plan, timeLeft: .milliseconds(118_400)))

    static let report = Report(
        notice: notice, strategy: .evict,
        pods: [
            pod("web-1", .evicted), pod("web-2", .evicted),
            pod("queue-0", .deleted, escalated: true, detail: "budget shop/queue"),
            pod("db-0", .blocked, detail: "budget shop/db"), pod("slow-0", .terminating), pod("proxy", .skipped),
        ],
        toCordon: .milliseconds(80), toLastRequest: .milliseconds(850), toEmpty: nil, timeLeft: .zero,
        ending: .deadlineReached, remarks: ["the taint was refused: forbidden"], retries: [.budget: 12])

    static let outcome = notification(.outcome(report))
    static let withdrawn = notification(
        .withdrawn(notice, because: "the cloud took it back", leftovers: [], standing: nil))
    static let test = notification(.test)

    static let mild = [seen, outcome, withdrawn, test]

    static func pod(_ name: String, _ fate: PodFate, escalated: Bool = false, detail: String? = nil) -> PodOutcome {
        PodOutcome(namespace: "shop", name: name, uid: "uid-" + name, fate: fate, escalated: escalated, detail: detail)
    }

    /// 250 pods of every fate under long names, a node name of 253 characters, and text that breaks careless writers.
    static let hard: [Notification] = {
        let evil =
            "a \"quote\" \\ <b>&amp; *bold* _it_ `code` @all <!channel> <users/all> {{ .X }}\r\nline two\u{2028}\u{0} 你好 ü 👩‍👩‍👧‍👦 "
        let node = String(repeating: "n", count: 63) + String(repeating: ".long-label", count: 17) + ".end"
        let deadline = Deadline(
            moment: Moment(sinceOrigin: .seconds(120)), wall: start.advanced(by: .seconds(120)), certainty: .assumed)
        let facts = Dictionary(
            uniqueKeysWithValues: (0..<40).map { ("fact-\($0) \(evil)", String(repeating: evil, count: 20)) })
        let notice = Notice(
            id: NoticeID(rawValue: String(repeating: "x", count: 63)), kind: .scaleIn, deadline: deadline,
            words: String(repeating: evil, count: 30), facts: facts)
        let pods = (0..<250).map { index in
            PodOutcome(
                namespace: String(repeating: "s", count: 63),
                name: "pod-\(index)-" + String(repeating: "p", count: 240),
                uid: "uid-\(index)", fate: PodFate.allCases[index % PodFate.allCases.count], escalated: index % 5 == 0,
                detail: index % 3 == 0 ? String(repeating: evil, count: 50) : nil)
        }
        let report = Report(
            notice: notice, strategy: .evict, pods: pods, toCordon: .milliseconds(80), toLastRequest: .seconds(1),
            timeLeft: .zero, ending: .deadlineReached,
            remarks: Array(repeating: String(repeating: evil, count: 50), count: 60),
            retries: [.budget: 2, .error: 1])
        let plan = Plan(notice: notice, strategy: .evict, escalates: true, graceLimit: nil, margin: .seconds(5))
        let events: [Notification.Event] = [
            .seen(plan, timeLeft: .seconds(86_399)), .outcome(report),
            .withdrawn(
                notice, because: String(repeating: evil, count: 50),
                leftovers: Array(repeating: String(repeating: evil, count: 50), count: 60), standing: notice),
            .test,
        ]
        return events.map { event in
            Notification(
                event: event, nodeName: node, cluster: String(repeating: evil, count: 10),
                machine: MachineIdentity(
                    instanceID: "i-" + String(repeating: "0", count: 300), instanceType: evil, zone: evil, region: evil,
                    lifeCycle: evil),
                time: start)
        }
    }()

    static let all = mild + hard
}

extension WebAddress {
    /// An address that is known to be good.
    static func good(_ text: String) -> WebAddress {
        do {
            return try WebAddress(text)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}

extension Secret {
    /// Words that no output may contain; each is recognisable.
    static let planted = [
        "T0PLANTED", "B0PLANTED", "planted-slack-token", "planted-mattermost-key", "planted-sematext-token",
        "planted-wecom-key", "planted-chat-key", "planted-chat-token", "planted-teams-sig", "planted-discord-token",
        "planted-routing-key-0123456789abcd", "planted-header-value", "planted-query-value", "planted-smtp-password",
    ]
}

/// A mail transport in memory: a script answers, every mail is recorded.
final class ScriptedMail: MailTransport {
    private let script: @Sendable (MailMessage) async -> TransportError?
    private let sent = Mutex<[MailMessage]>([])

    init(_ script: @escaping @Sendable (MailMessage) async -> TransportError? = { _ in nil }) {
        self.script = script
    }

    var mails: [MailMessage] { sent.withLock { $0 } }

    func send(_ message: MailMessage) async throws(TransportError) {
        sent.withLock { $0.append(message) }
        let failure = await script(message)
        if Task.isCancelled { throw .cancelled }
        if let failure { throw failure }
    }
}
