import Drain
import Kubernetes

/// What drains of many nodes would meet: the pods that would not make it, and why.
struct PoolForecast {
    private struct Body: Encodable {
        var nodes: Int
        var podsThatLeave: Int
        var isSmooth: Bool
        var pods: [PodBody]
    }

    private struct PodBody: Encodable {
        var node: String
        var namespace: String
        var name: String
        var prospect: String
        var detail: String?
    }

    private var nodes = 0
    private var leaving = 0
    private var troubled: [(node: String, pod: PodForecast)] = []
    private var remarks: [String] = []

    /// Whether every pod of every node would be out in time with its whole grace.
    var isSmooth: Bool { troubled.isEmpty }

    /// Takes one node's forecast; only what is worth telling is kept.
    mutating func add(_ forecast: Forecast) {
        nodes += 1
        leaving += forecast.pods.count { $0.prospect != .stays }
        troubled += forecast.pods.filter { !$0.prospect.isSmooth }.map { (forecast.nodeName, $0) }
        for remark in forecast.remarks where !remarks.contains(remark) { remarks.append(remark) }
    }

    /// As one JSON object.
    var json: String {
        ReportJSON.encoded(
            Body(
                nodes: nodes, podsThatLeave: leaving, isSmooth: isSmooth,
                pods: troubled.map { node, pod in
                    PodBody(
                        node: node, namespace: pod.pod.namespace, name: pod.pod.name,
                        prospect: pod.prospect.rawValue, detail: pod.detail)
                }))
    }

    /// As a table, with a sum below it.
    var table: String {
        let rows = troubled.map { node, pod in
            row(
                node, "\(pod.pod.namespace)/\(pod.pod.name)", pod.prospect.rawValue,
                pod.escalatesIn.map(ReportText.seconds) ?? "-", pod.detail ?? "")
        }
        let head = troubled.isEmpty ? [] : [row("NODE", "POD", "PROSPECT", "ESCALATES IN", "")] + rows + [""]
        let sum =
            "\(nodes) nodes, \(leaving) pods that would leave, "
            + (isSmooth ? "all with their whole grace" : "\(troubled.count) of them not as they should")
        return (head + [sum] + remarks.map { "note: \($0)" }).joined(separator: "\n")
    }

    private func row(_ node: String, _ pod: String, _ prospect: String, _ time: String, _ detail: String) -> String {
        let text =
            node.padded(to: 32) + " " + pod.padded(to: 48) + " " + prospect.padded(to: 19) + " "
            + time.padded(to: 13) + " " + detail
        return String(text.reversed().drop { $0 == " " }.reversed())
    }
}
