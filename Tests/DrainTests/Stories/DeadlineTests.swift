import Interruption
import Kubernetes
import TestSupport
import Testing

@testable import Drain

struct DeadlineTests {
    /// Drains while the order changes at second 10.
    private func changed(
        _ plan: Plan = .sample(), pods: [(Pod, Duration)], budgets: [String] = [],
        _ change: @escaping @Sendable (SampleOrder, SimulatedCluster) -> Void
    ) async throws -> (report: Report, cluster: SimulatedCluster, endedAt: Moment) {
        try await VirtualTime.run(limit: .seconds(3600)) { timeline in
            let cluster = SimulatedCluster(timeline)
            for budget in budgets { cluster.set(.refuses(retryAfter: nil), named: budget) }
            for (pod, stopTime) in pods { cluster.add(pod, stopTime: stopTime, budgets: budgets) }
            let order = SampleOrder(plan)
            let drainer = cluster.drainer()
            async let report = drainer.drain(order.order)
            _ = await timeline.passes(.seconds(10))
            change(order, cluster)
            let result = await report
            return (result, cluster, timeline.now)
        }
    }

    @Test func `a deadline that comes closer shortens what is on its way`() async throws {
        let (report, cluster, _) = try await changed(pods: [(.sample("slow", grace: 100), .seconds(1000))]) {
            order, _ in order.tighten(to: deadlineAt(40))
        }
        #expect(report.ending == .empty)
        #expect(report.pod("slow")?.fate == .evicted)
        let end = try #require(cluster.wentAt("uid-slow"))
        #expect(end <= second(36.5))
        #expect(report.notice.deadline == deadlineAt(40))
    }

    @Test func `a deadline that comes closer brings a refused pod's own time closer`() async throws {
        let (report, cluster, _) = try await changed(pods: [(.sample("a"), .seconds(60))], budgets: ["web"]) {
            order, _ in order.tighten(to: deadlineAt(50))
        }
        #expect(report.pod("a")?.fate == .deleted)
        #expect(report.pod("a")?.grace == .seconds(30))
        let deleted = try #require(cluster.timedCalls.last { if case .delete = $0.call { true } else { false } })
        #expect(deleted.at >= second(15) && deleted.at < second(15.1))
    }

    @Test func `a deadline that gives way to a later one is followed`() async throws {
        let (report, _, endedAt) = try await changed(
            .sample(notice: .sample(deadlineAt: 60), escalates: false), pods: [(.sample("a"), .seconds(1))],
            budgets: ["web"]
        ) { order, _ in order.tighten(to: deadlineAt(600)) }
        #expect(report.ending == .deadlineReached)
        #expect(endedAt > second(595) && endedAt <= second(600))
    }

    @Test func `a deadline that is past already: grace 1, for half a minute`() async throws {
        let story = try await story(.sample(notice: .sample(deadlineAt: -10))) { cluster in
            cluster.add(.sample("a"), stopTime: .seconds(60))
            cluster.add(.sample("stuck", finalizers: ["x"]))
        }
        #expect(story.report.ending == .deadlineReached)
        #expect(story.report.pod("a")?.grace == .seconds(1))
        #expect(story.report.pod("a")?.fate == .evicted)
        #expect(story.report.timeLeft == .zero)
    }

    @Test func `a pod that somebody else gave an hour is shortened`() async throws {
        let story = try await story { cluster in
            cluster.add(
                Pod.sample("old").terminating(until: second(3600), grace: 3600), stopTime: .seconds(2))
            cluster.add(Pod.sample("fine").terminating(until: second(30), grace: 30))
        }
        #expect(story.cluster.asks(for: "old").count == 1)
        #expect(story.cluster.asks(for: "fine").isEmpty)
        #expect(story.report.pod("old")?.fate == .gone || story.report.pod("old")?.fate == .terminating)
    }

    @Test func `told to stop, it ends quickly and leaves cordon and record`() async throws {
        let (report, cluster, endedAt) = try await changed(pods: [(.sample("a"), .seconds(60))]) { order, _ in
            order.end(.stopping)
        }
        #expect(report.ending == .stopped)
        #expect(endedAt < second(10.5))
        #expect(report.pod("a")?.fate == .terminating)
        #expect(cluster.node.isUnschedulable)
        #expect(cluster.record?.notices.first?.ending == nil)
        #expect(cluster.record?.cordonedByUs == true)
    }

    @Test func `what is in flight when it is told to stop is waited for`() async throws {
        let report = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline, latency: .milliseconds(600))
            cluster.add(.sample("a"))
            let order = SampleOrder(.sample())
            let drainer = cluster.drainer()
            async let report = drainer.drain(order.order)
            // The list takes 0.6 s, the eviction 0.6 s more.
            _ = await timeline.passes(.milliseconds(700))
            order.end(.stopping)
            return await report
        }
        #expect(report.ending == .stopped)
        #expect(report.pod("a")?.fate == .terminating)
    }

    @Test func `withdrawn, it asks nobody any more`() async throws {
        let (report, cluster, endedAt) = try await changed(pods: [(.sample("a"), .seconds(60))], budgets: ["web"]) {
            order, _ in order.end(.withdrawn)
        }
        #expect(report.ending == .withdrawn)
        #expect(endedAt < second(10.5))
        #expect(cluster.podsLeft == ["a"])
        #expect(cluster.node.isUnschedulable)
    }

    @Test func `superseded, it ends at once, whatever is in flight`() async throws {
        let endedAt = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline) { call, _ in
                if case .evict = call { .hangs } else { nil }
            }
            cluster.add(.sample("a"))
            let order = SampleOrder(.sample())
            let drainer = cluster.drainer()
            async let report = drainer.drain(order.order)
            _ = await timeline.passes(.seconds(5))
            order.end(.superseded)
            #expect(await report.ending == .stopped)
            return timeline.now
        }
        #expect(endedAt <= second(5.3))
    }

    @Test func `a drain whose task is cancelled ends as stopped`() async throws {
        let ending = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline)
            cluster.add(.sample("a"), stopTime: .seconds(60))
            let drainer = cluster.drainer()
            let task = Task { await drainer.drain(SampleOrder(.sample()).order) }
            _ = await timeline.passes(.seconds(5))
            task.cancel()
            return await task.value.ending
        }
        #expect(ending == .stopped)
    }
}
