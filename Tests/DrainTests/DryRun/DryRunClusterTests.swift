import Interruption
import Kubernetes
import Synchronization
import TestSupport
import Testing

@testable import Drain

struct DryRunClusterTests {
    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    @Test(arguments: [Strategy.evict, .delete, .cordonOnly])
    func `a dry run comes to its end, tells each write and makes none`(strategy: Strategy) async throws {
        let (report, cluster, lines) = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline)
            for index in 0..<3 { cluster.add(.sample("p\(index)")) }
            let log = Log()
            let drainer = ClusterDrainer(
                api: DryRunCluster(cluster, timeline: timeline) { log.add($0) }, nodeName: "node-a",
                marks: GiveBackTests.everything,
                timeline: timeline, anchor: anchor, seed: 1)
            let report = await drainer.drain(SampleOrder(.sample(strategy)).order)
            return (report, cluster, log.all)
        }
        #expect(report.ending == .empty)
        for call in cluster.calls {
            switch call {
            case .readNode, .list, .watch, .readPod, .ask, .tryEviction: break
            default: Issue.record("wrote \(call)")
            }
        }
        #expect(!cluster.node.isUnschedulable)
        #expect(cluster.podsLeft.count == 3)
        #expect(lines.contains { $0.contains("would patch node node-a") && $0.contains("unschedulable") })
        let asked = lines.count { $0.hasPrefix("would evict") || $0.hasPrefix("would delete") }
        #expect(asked == (strategy == .cordonOnly ? 0 : 3))
    }

    @Test func `a pod takes its grace to leave, and is back for the next drain`() async throws {
        let (first, second, cluster) = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline)
            for index in 0..<3 { cluster.add(.sample("p\(index)", grace: 20 + index)) }
            let dry = DryRunCluster(cluster, timeline: timeline) { _ in }
            let drainer = DryRunDrainer(
                ClusterDrainer(api: dry, nodeName: "node-a", timeline: timeline, anchor: anchor, seed: 1), on: dry)
            let first = await drainer.drain(SampleOrder(.sample(.evict)).order)
            return (first, await drainer.drain(SampleOrder(.sample(.delete)).order), cluster)
        }
        #expect(first.ending == .empty && second.ending == .empty)
        #expect(try #require(first.toEmpty) >= .seconds(22) && first.toEmpty ?? .zero < .seconds(24))
        #expect(first.count(.evicted) == 3)
        #expect(second.count(.deleted) == 3)
        #expect(cluster.podsLeft.count == 3)
    }

    @Test func `reads and tries go through`() async throws {
        let calls = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline)
            cluster.add(.sample("a"))
            let dry = DryRunCluster(cluster, timeline: timeline) { _ in }
            _ = try await dry.serverVersion()
            _ = try await dry.may(AccessQuestion(verb: "get", resource: "nodes"))
            _ = try await dry.pod(named: "a", namespace: "web")
            try await dry.evict(Pod.sample("a").reference, grace: nil, dryRun: true)
            return cluster.calls
        }
        #expect(calls == [.ask, .ask, .readPod, .tryEviction(Pod.sample("a").reference)])
    }
}
