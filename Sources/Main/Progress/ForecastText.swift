import Drain
import Interruption
import Kubernetes

/// A forecast for people and for scripts.
enum ForecastText {
    private struct Body: Encodable {
        var node: String
        var strategy: String
        var secondsLeft: Double
        var isSmooth: Bool
        var volumesAttached: Int?
        var pods: [PodBody]
        var budgets: [BudgetBody]
        var remarks: [String]
    }

    private struct BudgetBody: Encodable {
        var namespace: String
        var name: String
        var pods: Int
        var allowed: Int
    }

    private struct PodBody: Encodable {
        var namespace: String
        var name: String
        var uid: String
        var tier: String?
        var graceSeconds: Double?
        var escalatesInSeconds: Double?
        var prospect: String
        var detail: String?
    }

    /// The forecast as one JSON object.
    static func json(for forecast: Forecast) -> String {
        ReportJSON.encoded(
            Body(
                node: forecast.nodeName, strategy: forecast.strategy.rawValue,
                secondsLeft: forecast.timeLeft / .seconds(1), isSmooth: forecast.isSmooth,
                volumesAttached: forecast.volumesAttached,
                pods: forecast.pods.map { pod in
                    PodBody(
                        namespace: pod.pod.namespace, name: pod.pod.name, uid: pod.pod.uid, tier: pod.tier?.rawValue,
                        graceSeconds: pod.grace.map { $0 / .seconds(1) },
                        escalatesInSeconds: pod.escalatesIn.map { $0 / .seconds(1) }, prospect: pod.prospect.rawValue,
                        detail: pod.detail)
                },
                budgets: forecast.budgets.map {
                    BudgetBody(namespace: $0.namespace, name: $0.name, pods: $0.pods, allowed: $0.allowed)
                },
                remarks: forecast.remarks))
    }

    /// The forecast as a table, with a sum below it.
    static func table(for forecast: Forecast) -> String {
        let header = row("POD", "TIER", "GRACE", "ESCALATES IN", "PROSPECT", "")
        let rows = forecast.pods.map { pod in
            row(
                "\(pod.pod.namespace)/\(pod.pod.name)", pod.tier?.rawValue ?? "-",
                pod.grace.map(ReportText.seconds) ?? "-", pod.escalatesIn.map(ReportText.seconds) ?? "-",
                pod.prospect.rawValue, pod.detail ?? "")
        }
        let counted = PodForecast.Prospect.allCases.filter { forecast.count($0) > 0 }
        let sum = counted.map { "\(forecast.count($0)) \($0.rawValue)" }.joined(separator: ", ")
        let volumes = forecast.volumesAttached.map { ["volumes attached to the node: \($0)"] } ?? []
        let head = "Node \(forecast.nodeName), strategy \(forecast.strategy.rawValue), within "
        return
            ([head + ReportText.seconds(forecast.timeLeft), "", header] + rows + [""] + notes(on: forecast)
            + [sum.isEmpty ? "no pods" : sum] + volumes)
            .joined(separator: "\n")
    }

    /// What holds for several pods together.
    private static func notes(on forecast: Forecast) -> [String] {
        forecast.budgets.map { budget in
            "budget \(budget.namespace)/\(budget.name): \(budget.pods) pods here, it lets \(budget.allowed) go at a time; "
                + "\(budget.waiting) have to wait until others have come up elsewhere"
        } + forecast.remarks.map { "note: \($0)" }
    }

    private static func row(
        _ pod: String, _ tier: String, _ grace: String, _ escalates: String, _ prospect: String, _ detail: String
    ) -> String {
        let text =
            pod.padded(to: 48) + " " + tier.padded(to: 9) + " " + grace.padded(to: 8) + " " + escalates.padded(to: 13)
            + " " + prospect.padded(to: 19) + " " + detail
        return String(text.reversed().drop { $0 == " " }.reversed())
    }
}
