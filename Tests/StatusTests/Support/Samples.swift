import Interruption
import Logging
import Status
import Synchronization

/// Values that the tests talk about.
enum Sample {
    static let deadline = Deadline(
        moment: Moment(sinceOrigin: .seconds(120)), wall: WallTime(sinceEpoch: .seconds(1_505_722_920)),
        certainty: .announced)

    static let notice = Notice(
        id: NoticeID(rawValue: "n-1"), kind: .reclaim, deadline: deadline, words: "spot terminate",
        facts: ["event": "e-1"])

    static let plan = plan(.evict)

    static func plan(_ strategy: Strategy) -> Plan {
        Plan(notice: notice, strategy: strategy, escalates: true, graceLimit: nil, margin: .seconds(5))
    }

    static func pod(_ name: String, _ fate: PodFate, escalated: Bool = false, detail: String? = nil) -> PodOutcome {
        PodOutcome(
            namespace: "shop", name: name, uid: "uid-\(name)", fate: fate, escalated: escalated, grace: .seconds(30),
            detail: detail, took: fate == .evicted ? .milliseconds(2500) : nil)
    }

    static func report(_ ending: Report.Ending, pods: [PodOutcome] = [], remarks: [String] = []) -> Report {
        Report(
            notice: notice, strategy: .evict, pods: pods, toCordon: .milliseconds(120),
            toLastRequest: .milliseconds(740),
            toEmpty: ending == .empty ? .milliseconds(31_250) : nil, timeLeft: .milliseconds(88_750), ending: ending,
            remarks: remarks, retries: [.budget: 3])
    }
}

/// Collects what is logged, each line without its time.
final class LogCapture: Sendable {
    private let captured = Mutex<[String]>([])

    var lines: [String] { captured.withLock { $0 } }

    func logger(_ format: LineFormat = .text, level: Logger.Level = .trace) -> Logger {
        Logger(label: "test") { _ in
            LineLogHandler(format: format, level: level, now: { WallTime(sinceEpoch: .seconds(1_505_722_800)) }) {
                line in
                let text = String(decoding: line, as: UTF8.self)
                self.captured.withLock { $0.append(text.replacing("2017-09-18T08:20:00Z ", with: "")) }
            }
        }
    }
}

extension PrometheusRegistry {
    /// Every line of the exposition that is a sample.
    var samples: [String] {
        exposition().split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }

    /// The metrics of the daemon, with two channels.
    static func ofProduct() -> PrometheusRegistry {
        PrometheusRegistry(Metric.product(version: "1.2.3", channels: ["slack", "mail"]))
    }
}
