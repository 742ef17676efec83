import Interruption
import Kubernetes
import TestSupport
import Testing

@testable import Drain

struct GiveBackTests {
    static let everything = MarkSettings(
        taints: MarkSettings.ownTaints(), excludesFromLoadBalancers: [.reclaim], conditions: true)

    /// Drains a node and gives it back, with changes before and in between.
    private func roundTrip(
        _ marks: MarkSettings = GiveBackTests.everything,
        fault: @escaping @Sendable (SimulatedCluster.Call, Moment) -> SimulatedCluster.Fault? = { _, _ in nil },
        before: @escaping @Sendable (inout Node) -> Void = { _ in },
        between: @escaping @Sendable (inout Node) -> Void = { _ in }
    ) async throws -> (leftovers: [String], cluster: SimulatedCluster, drained: Node) {
        try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline, fault: fault)
            cluster.changeNode(before)
            cluster.add(.sample("a"))
            let drainer = cluster.drainer(marks)
            _ = await drainer.drain(SampleOrder(.sample()).order)
            let drained = cluster.node
            cluster.changeNode(between)
            let leftovers = try await cluster.drainer(marks).giveBack(because: "withdrawn", keeping: [.operatorRequest])
            return (leftovers, cluster, drained)
        }
    }

    @Test func `everything that we did is undone`() async throws {
        let (leftovers, cluster, drained) = try await roundTrip()
        #expect(drained.taints.map(\.key) == ["interruption-handler.io/reclaim"])
        #expect(drained.taints.map(\.value) == ["spot-1"])
        #expect(drained.labels[MarkSettings.exclusionKey] == "interruption-handler")
        #expect(leftovers.isEmpty)
        #expect(!cluster.node.isUnschedulable)
        #expect(cluster.node.taints.isEmpty)
        #expect(cluster.node.labels.isEmpty)
        #expect(cluster.node.annotations.isEmpty)
        #expect(cluster.conditions.isEmpty)
    }

    @Test func `the conditions tell of the drain and its end`() async throws {
        let story = try await story(marks: Self.everything) { cluster in cluster.add(.sample("a")) }
        #expect(story.cluster.conditions == ["DrainInProgress": "False", "Drained": "True"])
    }

    @Test func `a node that was already cordoned stays so`() async throws {
        let (leftovers, cluster, _) = try await roundTrip(before: { $0.isUnschedulable = true })
        #expect(cluster.node.isUnschedulable)
        #expect(cluster.record == nil)
        #expect(leftovers == ["the node was cordoned by somebody else and stays so"])
    }

    @Test func `other people's taints and labels stay, also under our keys`() async throws {
        let theirs = [
            Taint(key: "gpu", value: "yes", effect: "NoSchedule"),
            Taint(key: "interruption-handler.io/reclaim", value: "theirs", effect: "NoSchedule"),
        ]
        let (_, cluster, drained) = try await roundTrip(before: { node in
            node.taints = theirs
            node.labels = [MarkSettings.exclusionKey: "karpenter", "a": "b"]
        })
        #expect(drained.taints == theirs)
        #expect(cluster.node.taints == theirs)
        #expect(cluster.node.labels == [MarkSettings.exclusionKey: "karpenter", "a": "b"])
        #expect(!cluster.node.isUnschedulable)
    }

    @Test func `a taint that somebody adds meanwhile is not lost`() async throws {
        let late = Taint(key: "late", effect: "NoExecute", timeAdded: "2026-11-21T00:00:00Z")
        let (_, cluster, _) = try await roundTrip(between: { $0.taints.append(late) })
        #expect(cluster.node.taints == [late])
    }

    @Test func `a node that is not Ready has to wait`() async throws {
        await #expect(throws: GiveBackError.nodeNotReady) {
            _ = try await roundTrip(between: { $0.isReady = false })
        }
    }

    @Test func `what cannot be undone is named, and the node goes back to work all the same`() async throws {
        let (leftovers, cluster, _) = try await roundTrip(fault: { call, _ in
            switch call {
            case .patchNode(let patch) where patch.json.contains(#""taints":[]"#):
                .fails(.forbidden(message: "no taints"))
            default: nil
            }
        })
        #expect(!cluster.node.isUnschedulable)
        #expect(cluster.record == nil)
        #expect(leftovers.count == 1)
        #expect(leftovers.first?.contains("interruption-handler.io/reclaim") == true)
    }

    @Test func `without a record there is nothing to undo`() async throws {
        let (leftovers, node) = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline)
            cluster.changeNode { $0.isUnschedulable = true }
            let leftovers = try await cluster.drainer().giveBack(because: "x", keeping: [])
            return (leftovers, cluster.node)
        }
        #expect(leftovers.isEmpty)
        #expect(node.isUnschedulable)
    }

    @Test func `an API server that is away is an error to try again`() async throws {
        await #expect(throws: KubernetesError.unauthorized) {
            _ = try await VirtualTime.run { timeline in
                let cluster = SimulatedCluster(timeline) { _, _ in .fails(.unauthorized) }
                return try await cluster.drainer().giveBack(because: "x", keeping: [])
            }
        }
    }

    @Test func `a record that may not be touched does not keep the node cordoned`() async throws {
        let (leftovers, cluster, _) = try await roundTrip(
            MarkSettings(),
            fault: { call, _ in
                guard case .patchNode(let patch) = call, patch.json.contains("record\":null") else { return nil }
                return .fails(.denied(message: "policy"))
            })
        #expect(!cluster.node.isUnschedulable)
        #expect(leftovers == ["the record: denied: policy"])
    }

    @Test func `where the answer of a give-back was lost, a cordon that came after it stays`() async throws {
        let cluster = try await VirtualTime.run { timeline async throws in
            let cluster = SimulatedCluster(timeline) { call, _ in
                guard case .patchNode(let patch) = call, patch.json.contains("record\":null") else { return nil }
                return .doneButLost
            }
            let drainer = cluster.drainer()
            _ = await drainer.drain(SampleOrder(.sample()).order)
            await #expect(throws: KubernetesError.self) { _ = try await drainer.giveBack(because: "x", keeping: []) }
            cluster.changeNode { $0.isUnschedulable = true }
            let leftovers = try await drainer.giveBack(because: "x", keeping: [])
            #expect(leftovers.isEmpty)
            return cluster
        }
        #expect(cluster.node.isUnschedulable)
    }
}
