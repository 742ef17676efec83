import Interruption
import Kubernetes

/// What a scenario came to, in numbers; times in seconds.
struct FleetOutcome: Sendable, Encodable {
    /// Median, 99th percentile and maximum.
    struct Three: Sendable, Encodable {
        var median: Double
        var p99: Double
        var max: Double

        /// Of these values; `nil` for none.
        init?(_ values: [Double]) {
            let sorted = values.sorted()
            guard let last = sorted.last else { return nil }
            median = sorted[(sorted.count - 1) / 2]
            p99 = sorted[(sorted.count - 1) * 99 / 100]
            max = last
        }
    }

    let program: Scenario.Program
    let seats: Int
    let nodes: Int
    let pods: Int
    let seed: UInt64
    /// The share of pods that were told to stop with all of their own grace left before the machine's end.
    let fullGrace: Double
    /// Pods that nobody told to stop before the machine's end.
    let neverTold: Int
    /// Nodes with pods on them at the machine's end.
    let notEmpty: Int
    /// From a node's notice to its cordon; nodes that were cordoned.
    let cordoned: Three?
    /// From a node's notice to the last accepted eviction or deletion of a pod that has no budget.
    let unbudgeted: Three?
    /// The same of all pods.
    let accepted: Three?
    let requests: Int
    /// Answers 429 of flow control.
    let refused: Int
    /// The longest time a request waited for a seat.
    let longestWait: Double
    let mostRequestsInASecond: Int
    /// How long the simulation took.
    let took: Double

    init(
        _ scenario: Scenario, _ nodes: [FleetCluster.FleetNode], _ pods: [FleetCluster.FleetPod],
        _ tally: APIServerModel.Tally, took: Duration
    ) {
        program = scenario.program
        seats = scenario.seats
        self.nodes = nodes.count
        self.pods = pods.count
        seed = scenario.seed
        let ends = pods.map { nodes[$0.node].deadline }
        fullGrace = Double(zip(pods, ends).count { $0.hadItsGrace(before: $1) }) / Double(max(1, pods.count))
        neverTold = zip(pods, ends).count { pod, end in pod.toldAt.map { $0 >= end } ?? true }
        notEmpty = nodes.count { node in
            node.pods.contains { place in pods[place].goneAt.map { $0 > node.deadline } ?? true }
        }
        cordoned = Three(nodes.compactMap { node in node.cordonedAt.map { node.announcedAt.duration(to: $0).seconds } })
        unbudgeted = Three(nodes.compactMap { $0.lastTold(among: pods) { $0.budget == nil } })
        accepted = Three(nodes.compactMap { $0.lastTold(among: pods) { _ in true } })
        requests = tally.requests
        refused = tally.refused
        longestWait = tally.longestWait.seconds
        mostRequestsInASecond = tally.mostRequestsInASecond
        self.took = took.seconds
    }
}

extension FleetCluster.FleetPod {
    /// Whether it was told with all of its own grace granted and left.
    fileprivate func hadItsGrace(before end: Moment) -> Bool {
        guard let toldAt, let graceEnd else { return false }
        return toldAt.duration(to: min(graceEnd, end)) >= pod.gracePeriod
    }
}

extension FleetCluster.FleetNode {
    /// From the notice to the last pod told before the machine's end.
    fileprivate func lastTold(
        among pods: [FleetCluster.FleetPod], _ isMeant: (FleetCluster.FleetPod) -> Bool
    ) -> Double? {
        self.pods.map { pods[$0] }.filter(isMeant).compactMap(\.toldAt).filter { $0 < deadline }.max()
            .map { announcedAt.duration(to: $0).seconds }
    }
}

extension Duration {
    /// As a number, to the millisecond.
    fileprivate var seconds: Double { (self / .milliseconds(1)).rounded() / 1000 }
}
