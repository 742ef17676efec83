import Interruption
import Kubernetes
import TestSupport
import Testing

@testable import Drain

/// Pods that are bound after the node was found empty.
struct LatePodTests {
    /// Drains a node, keeps it empty, and adds pods at those seconds; answers when all has ended.
    private func kept(
        _ plan: Plan = .sample(), late: [(at: Double, pod: Pod)],
        stop: (at: Double, reason: DrainOrder.StopReason)? = nil
    ) async throws -> (report: Report, cluster: SimulatedCluster, reportedAt: Moment, endedAt: Moment) {
        try await VirtualTime.run(limit: .seconds(3600)) { timeline in
            let cluster = SimulatedCluster(timeline)
            cluster.add(.sample("first"))
            let order = SampleOrder(plan)
            let drainer = cluster.drainer()
            async let others: Void = {
                for (moment, pod) in late {
                    _ = await timeline.passes(timeline.now.duration(to: second(moment)))
                    cluster.add(pod)
                }
                if let stop {
                    _ = await timeline.passes(timeline.now.duration(to: second(stop.at)))
                    order.end(stop.reason)
                    cluster.add(.sample("afterwards"))
                }
            }()
            let report = await drainer.drain(order.order)
            let reportedAt = timeline.now
            await drainer.keepEmpty(order.order)
            let endedAt = timeline.now
            await others
            return (report, cluster, reportedAt, endedAt)
        }
    }

    @Test func `the report goes out when the node is empty, and who comes later is asked once`() async throws {
        let late = Pod.sample("late", owner: "other")
        let (report, cluster, reportedAt, endedAt) = try await kept(late: [(20, late)])
        #expect(report.ending == .empty)
        #expect(reportedAt < second(3))
        #expect(endedAt > second(110) && endedAt < second(121))
        #expect(cluster.asks(for: "late").count == 1)
        #expect(cluster.podsLeft.isEmpty)
    }

    @Test func `it costs one watch and nothing else while nobody comes`() async throws {
        let (_, cluster, reportedAt, _) = try await kept(late: [])
        let after = cluster.timedCalls.filter { $0.at > reportedAt }
        #expect(cluster.calls.count == 1 + 8)
        #expect(after.count <= 1)
        #expect(cluster.calls.count { $0 == .list } == 1)
    }

    @Test func `who came back is remembered, and told to stop at its own time`() async throws {
        let late = (1...2).map { (at: Double($0) * 5, pod: Pod.sample("back-\($0)")) }
        let (_, cluster, _, _) = try await kept(late: late)
        #expect(cluster.asks(for: "back-1").count == 1)
        let asked = cluster.timedCalls.filter { $0.call == .evict(Pod.sample("back-2").reference, grace: nil) }
        #expect(asked.count == 1)
        #expect(try #require(asked.first).at >= second(85))
    }

    @Test(arguments: [DrainOrder.StopReason.withdrawn, .superseded, .stopping])
    func `it ends with its order, and asks nobody who comes afterwards`(reason: DrainOrder.StopReason) async throws {
        let (_, cluster, _, endedAt) = try await kept(late: [], stop: (40, reason))
        #expect(endedAt <= second(43))
        #expect(cluster.podsLeft == ["afterwards"])
        #expect(cluster.asks(for: "afterwards").isEmpty)
    }

    @Test func `where the cloud waits for us the drain itself waits for late pods`() async throws {
        let notice = Notice(
            id: NoticeID(rawValue: "hook"), kind: .scaleIn, deadline: deadlineAt(600), words: "Terminated",
            hasHook: true)
        let (report, cluster, reportedAt, _) = try await kept(
            .sample(notice: notice), late: [(20, .sample("late", owner: "other"))])
        #expect(report.pod("late")?.fate == .evicted)
        #expect(reportedAt >= second(30) && reportedAt < second(33))
        #expect(cluster.asks(for: "late").count == 1)
    }

    @Test func `after cordon-only there is nothing to keep empty`() async throws {
        let (_, cluster, reportedAt, endedAt) = try await kept(.sample(.cordonOnly), late: [])
        #expect(endedAt == reportedAt)
        #expect(!cluster.calls.contains(.watch))
    }
}
