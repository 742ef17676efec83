import FoundationEssentials
import Interruption

/// A report as JSON for scripts.
enum ReportJSON {
    private struct Body: Encodable {
        var node: String
        var strategy: String
        var ending: String
        var secondsToCordon: Double?
        var secondsToLastEviction: Double?
        var secondsToEmpty: Double?
        var secondsLeft: Double
        var pods: [PodBody]
        var remarks: [String]
    }

    private struct PodBody: Encodable {
        var namespace: String
        var name: String
        var uid: String
        var outcome: String
        var escalated: Bool
        var graceSeconds: Double?
        var detail: String?
        var seconds: Double?
    }

    /// The report as one JSON object.
    static func text(for report: Report, node: String) -> String {
        let body = Body(
            node: node, strategy: report.strategy.rawValue, ending: report.ending.rawValue,
            secondsToCordon: seconds(report.toCordon), secondsToLastEviction: seconds(report.toLastRequest),
            secondsToEmpty: seconds(report.toEmpty), secondsLeft: report.timeLeft / .seconds(1),
            pods: report.pods.map { pod in
                PodBody(
                    namespace: pod.namespace, name: pod.name, uid: pod.uid, outcome: pod.fate.rawValue,
                    escalated: pod.escalated, graceSeconds: seconds(pod.grace), detail: pod.detail,
                    seconds: seconds(pod.took))
            },
            remarks: report.remarks)
        return encoded(body)
    }

    /// Any value as JSON with stable keys.
    static func encoded(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            return #"{"error": "the answer cannot be written as JSON"}"#
        }
    }

    private static func seconds(_ duration: Duration?) -> Double? {
        duration.map { $0 / .seconds(1) }
    }
}
