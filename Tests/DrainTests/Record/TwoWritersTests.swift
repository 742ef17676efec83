import Interruption
import Kubernetes
import TestSupport
import Testing

@testable import Drain

/// The daemon and a person's command write the record of the same node.
struct TwoWritersTests {
    private static let advice = Plan.sample(.cordonOnly, notice: .sample(.rebalance, id: "rebalance-1"))
    private static let asked = Plan.sample(notice: .sample(.maintenance, id: "operator-request"))

    private func played(
        _ body:
            @escaping @Sendable (_ daemon: ClusterDrainer, _ person: ClusterDrainer, SimulatedCluster) async throws ->
            Void
    ) async throws -> SimulatedCluster {
        try await VirtualTime.run(limit: .seconds(3600)) { timeline in
            let cluster = SimulatedCluster(timeline)
            cluster.add(.sample("a"), stopTime: .seconds(1))
            try await body(cluster.drainer(), cluster.drainer(isPersons: true), cluster)
            return cluster
        }
    }

    @Test func `what one took out is not written back by the other, which knew it`() async throws {
        let cluster = try await played { daemon, person, cluster in
            _ = await daemon.drain(SampleOrder(Self.advice).order)
            let order = SampleOrder(Self.asked)
            async let report = person.drain(order.order)
            _ = await cluster.timeline.passes(.milliseconds(200))
            let leftovers = try await daemon.giveBack(because: "gone", keeping: [.operatorRequest])
            #expect(leftovers == ["the node stays cordoned: a person drained it"])
            _ = await report
        }
        #expect(cluster.record?.notices.map(\.id) == [.operatorRequest])
        #expect(cluster.record?.notices.first?.ending == .empty)
        #expect(cluster.node.isUnschedulable)
    }

    @Test func `a person's uncordon takes the person's drain out, and the daemon does not bring it back`() async throws
    {
        let cluster = try await played { daemon, person, _ in
            _ = await person.drain(SampleOrder(Self.asked).order)
            _ = await daemon.drain(SampleOrder(Self.advice).order)
            _ = try await person.giveBack(because: "asked", keeping: [])
            await daemon.note(.sample(notice: .sample(.maintenance, id: "event-7", deadlineAt: 600)))
        }
        #expect(cluster.record?.notices.map(\.id.rawValue).contains("operator-request") == false)
    }

    @Test func `the cordon goes with the last notice that holds it`() async throws {
        let cluster = try await played { daemon, person, cluster in
            _ = await daemon.drain(SampleOrder(Self.advice).order)
            _ = await person.drain(SampleOrder(Self.asked).order)
            _ = try await daemon.giveBack(because: "gone", keeping: [.operatorRequest])
            #expect(cluster.node.isUnschedulable)
            _ = try await person.giveBack(because: "asked", keeping: [])
        }
        #expect(!cluster.node.isUnschedulable)
        #expect(cluster.record == nil)
    }

    @Test func `a cordon of a person's own, after an uncordon, stays`() async throws {
        let cluster = try await played { daemon, _, cluster in
            _ = await daemon.drain(SampleOrder(Self.advice).order)
            async let uncordoned = daemon.untilUncordoned()
            _ = await cluster.timeline.passes(.milliseconds(100))
            cluster.changeNode { $0.isUnschedulable = false }
            #expect(await uncordoned)
            await daemon.noteUncordon(givingUp: ["rebalance-1"].map { NoticeID(rawValue: $0) }, insistingOn: nil)
            cluster.changeNode { $0.isUnschedulable = true }
            _ = try await daemon.giveBack(because: "gone", keeping: [.operatorRequest])
        }
        #expect(cluster.node.isUnschedulable)
        #expect(cluster.record == nil)
    }

    @Test func `a record that could not be written is remembered when the node is given back`() async throws {
        let cluster = try await VirtualTime.run(limit: .seconds(3600)) { timeline in
            let cluster = SimulatedCluster(timeline) { call, _ in
                guard case .patchNode(let patch) = call, patch.json.contains("rebalance-1") else { return nil }
                return .fails(.denied(message: "policy"))
            }
            let daemon = cluster.drainer()
            _ = await daemon.drain(SampleOrder(Self.advice).order)
            #expect(cluster.node.isUnschedulable && cluster.record == nil)
            _ = try await daemon.giveBack(because: "gone", keeping: [.operatorRequest])
            return cluster
        }
        #expect(!cluster.node.isUnschedulable)
    }

    @Test func `where watching is not permitted an uncordon is seen within seconds`() async throws {
        let seen = try await VirtualTime.run(limit: .seconds(3600)) { timeline in
            let cluster = SimulatedCluster(timeline) { call, _ in
                call == .watchNode ? .fails(.forbidden(message: "no watch")) : nil
            }
            let daemon = cluster.drainer()
            _ = await daemon.drain(SampleOrder(Self.advice).order)
            async let uncordoned = daemon.untilUncordoned()
            _ = await timeline.passes(.seconds(20))
            cluster.changeNode { $0.isUnschedulable = false }
            let before = timeline.now
            #expect(await uncordoned)
            return before.duration(to: timeline.now)
        }
        #expect(seen <= .seconds(6))
    }

    @Test func `a cordon that came after an uncordon is not struck by what is written of the uncordon later`()
        async throws
    {
        let reclaim = Plan.sample()
        let cluster = try await played { daemon, _, cluster in
            _ = await daemon.drain(SampleOrder(reclaim).order)
            cluster.changeNode { $0.isUnschedulable = false }
            _ = await daemon.drain(SampleOrder(reclaim).order)
            await daemon.noteUncordon(givingUp: [], insistingOn: reclaim)
            await daemon.noteUncordon(givingUp: [NoticeID(rawValue: "event-7")], insistingOn: nil)
            #expect(cluster.record?.cordonedByUs == true)
            _ = try await daemon.giveBack(because: "gone", keeping: [.operatorRequest])
        }
        #expect(!cluster.node.isUnschedulable)
    }

    @Test func `a node that was cordoned at start, and cannot be read when it matters, is known as theirs`()
        async throws
    {
        let cluster = try await VirtualTime.run(limit: .seconds(3600)) { timeline in
            let cluster = SimulatedCluster(timeline) { call, now in
                call == .readNode && now > second(1) ? .hangs : nil
            }
            cluster.changeNode { $0.isUnschedulable = true }
            let daemon = cluster.drainer()
            _ = try await daemon.record()
            _ = await timeline.passes(.seconds(2))
            _ = await daemon.drain(SampleOrder(Self.advice).order)
            return cluster
        }
        #expect(cluster.record?.cordonedByUs == false)
    }
}
