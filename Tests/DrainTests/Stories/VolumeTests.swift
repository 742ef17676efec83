import Interruption
import Kubernetes
import TestSupport
import Testing

@testable import Drain

/// What is known of a node's volumes.
struct VolumeTests {
    @Test func `the names come at once, and again when they are others`() async throws {
        let (first, other, now) = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline)
            cluster.changeNode { $0.volumesAttached = ["a", "b"] }
            let volumes = NodeVolumes(of: "node-a", in: cluster)
            let first = try await volumes.names(otherThan: nil)
            let other = try await withThrowingTaskGroup(of: [String]?.self) { group in
                group.addTask { try await volumes.names(otherThan: first) }
                group.addTask {
                    try await timeline.sleep(for: .seconds(7))
                    cluster.changeNode { $0.volumesAttached = ["b"] }
                    return nil
                }
                var found: [String]?
                for try await names in group { found = names ?? found }
                return found
            }
            return (first, other, timeline.now)
        }
        #expect(first == ["a", "b"])
        #expect(other == ["b"])
        #expect(now < second(7.1))
    }
}
