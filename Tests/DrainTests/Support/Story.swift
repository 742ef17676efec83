import Interruption
import Kubernetes
import TestSupport

@testable import Drain

extension SimulatedCluster {
    /// A drainer for this cluster's node.
    func drainer(
        _ marks: MarkSettings = MarkSettings(), seed: UInt64 = 7, isPersons: Bool = false
    ) -> ClusterDrainer {
        ClusterDrainer(
            api: self, nodeName: "node-a", ownPod: OwnPod(namespace: "kube-system", name: "handler"), marks: marks,
            timeline: timeline, anchor: anchor, seed: seed, isPersons: isPersons)
    }

    /// Drains by `plan` and returns the report.
    func drained(by plan: Plan = .sample(), _ marks: MarkSettings = MarkSettings()) async -> Report {
        await drainer(marks).drain(SampleOrder(plan).order)
    }
}

extension Report {
    /// The outcome of the pod of that name.
    func pod(_ name: String) -> PodOutcome? { pods.first { $0.name == name } }
}

/// What was added to a story and what it came to.
struct Story: Sendable {
    var report: Report
    var cluster: SimulatedCluster
}

/// Plays a drain in virtual time: sets the cluster up, drains, and returns both.
func story(
    _ plan: Plan = .sample(), marks: MarkSettings = MarkSettings(),
    watchEnd: (after: Duration, error: KubernetesError?)? = nil,
    fault: @escaping @Sendable (SimulatedCluster.Call, Moment) -> SimulatedCluster.Fault? = { _, _ in nil },
    _ setUp: @escaping @Sendable (SimulatedCluster) -> Void
) async throws -> Story {
    try await VirtualTime.run(limit: .seconds(3600)) { timeline in
        let cluster = SimulatedCluster(timeline, watchEnd: watchEnd, fault: fault)
        setUp(cluster)
        return Story(report: await cluster.drained(by: plan, marks), cluster: cluster)
    }
}
