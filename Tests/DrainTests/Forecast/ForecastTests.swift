import Interruption
import Kubernetes
import TestSupport
import Testing

@testable import Drain

struct ForecastTests {
    private func forecast(
        _ plan: Plan = .sample(), _ setUp: @escaping @Sendable (SimulatedCluster) -> Void
    ) async throws -> (forecast: Forecast, cluster: SimulatedCluster) {
        try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline)
            setUp(cluster)
            return (try await cluster.drainer().forecast(plan), cluster)
        }
    }

    static let cases: [(name: String, Plan, Pod, budgets: [String], prospect: PodForecast.Prospect)] = [
        ("free", .sample(), .sample("a"), [], .leaves),
        ("refused", .sample(), .sample("a"), ["strict"], .escalates),
        ("of two budgets", .sample(), .sample("a"), ["strict", "other"], .escalates),
        ("refused, without escalation", .sample(escalates: false), .sample("a"), ["strict"], .blocked),
        ("refused, to be deleted", .sample(.delete), .sample("a"), ["strict"], .leaves),
        ("slow", .sample(), .sample("a", grace: 3600), [], .leavesInHaste),
        ("slow and refused", .sample(), .sample("a", grace: 3600), ["strict"], .escalatesInHaste),
        (
            "unwilling", .sample(), .sample("a", annotations: ["karpenter.sh/do-not-disrupt": "true"]), [], .escalates
        ),
        ("a DaemonSet's", .sample(), .sample("a", controller: "DaemonSet"), [], .stays),
        ("left alone by cordon-only", .sample(.cordonOnly), .sample("a"), [], .stays),
    ]

    @Test(arguments: cases.indices) func `each pod has its prospect`(index: Int) async throws {
        let (name, plan, pod, budgets, prospect) = Self.cases[index]
        let (forecast, cluster) = try await forecast(plan) { cluster in
            cluster.set(.refuses(retryAfter: nil), named: "strict")
            cluster.add(pod, budgets: budgets)
        }
        #expect(forecast.pods.map(\.prospect) == [prospect], "\(name)")
        #expect(forecast.isSmooth == [.leaves, .stays].contains(prospect))
        #expect(cluster.asks(for: "a").isEmpty)
        #expect(cluster.podsLeft == ["a"])
    }

    @Test func `who refuses and when that ends is named`() async throws {
        let (forecast, _) = try await forecast { cluster in
            cluster.set(.refuses(retryAfter: nil), named: "strict")
            cluster.add(.sample("a"), budgets: ["strict"])
        }
        let pod = try #require(forecast.pods.first)
        #expect(pod.detail == "budget strict")
        #expect(pod.grace == .seconds(30))
        let escalatesIn = try #require(pod.escalatesIn)
        #expect(escalatesIn > .seconds(84) && escalatesIn <= .seconds(85))
    }

    @Test func `the pods come in the order in which they would leave`() async throws {
        let (forecast, _) = try await forecast { cluster in
            cluster.add(.sample("agent", controller: "DaemonSet"))
            cluster.add(.sample("dns", priority: 2_000_000_000))
            for index in 0..<50 { cluster.add(.sample("p\(10 + index)", grace: 30)) }
            cluster.add(.sample("slow", grace: 60))
        }
        #expect(forecast.pods.first?.pod.name == "slow")
        #expect(forecast.pods[1].pod.name == "p10")
        #expect(forecast.pods.suffix(2).map(\.pod.name) == ["dns", "agent"])
        #expect(forecast.count(.leaves) == 52)
    }
}
