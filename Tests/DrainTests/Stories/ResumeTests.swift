import Interruption
import Kubernetes
import TestSupport
import Testing

@testable import Drain

struct ResumeTests {
    @Test func `a second life goes on with the first one's record`() async throws {
        let (record, report) = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline)
            cluster.add(.sample("a"), stopTime: .seconds(20))
            cluster.add(.sample("b"), stopTime: .seconds(3), budgets: ["web"])
            cluster.set(.refuses(retryAfter: nil), named: "web")
            let first = SampleOrder(.sample())
            let firstDrainer = cluster.drainer()
            async let cut = firstDrainer.drain(first.order)
            _ = await timeline.passes(.seconds(2))
            first.end(.stopping)
            _ = await cut
            // A new process, with nothing but what is on the Node.
            let second = cluster.drainer(seed: 8)
            let found = try #require(try await second.record())
            #expect(!found.hasRebooted)
            #expect(found.record.notices.map(\.id.rawValue) == ["spot-1"])
            cluster.set(.allows(1), named: "web")
            let report = await second.drain(SampleOrder(.sample(), arrival: timeline.now).order)
            return (cluster.record, report)
        }
        #expect(report.ending == .empty)
        #expect(record?.cordonedByUs == true)
        #expect(record?.notices.count == 1)
        #expect(record?.notices.first?.since == anchor.wall)
        #expect(record?.notices.first?.ending == .empty)
    }

    @Test func `another boot id means that the machine was started anew`() async throws {
        let found = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline)
            _ = await cluster.drained()
            cluster.changeNode { $0.bootID = "boot-2" }
            return try await cluster.drainer().record()
        }
        #expect(found?.hasRebooted == true)
    }

    @Test func `a second plan is noted beside the first`() async throws {
        let record = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline)
            cluster.add(.sample("a"), stopTime: .seconds(20))
            let drainer = cluster.drainer()
            async let report = drainer.drain(SampleOrder(.sample()).order)
            _ = await timeline.passes(.seconds(2))
            await drainer.note(.sample(notice: .sample(.maintenance, id: "event-7", deadlineAt: 600)))
            #expect(cluster.record?.notices.map(\.id.rawValue) == ["spot-1", "event-7"])
            _ = await report
            return cluster.record
        }
        #expect(record?.notices.map(\.ending) == [.empty, .empty])
        #expect(record?.cordonedByUs == true)
    }

    @Test func `a plan noted while the API server is away is written with the cordon`() async throws {
        let record = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline) { _, now in
                now < second(5) ? .fails(.unauthorized) : nil
            }
            let drainer = cluster.drainer()
            async let report = drainer.drain(SampleOrder(.sample()).order)
            await drainer.note(.sample(notice: .sample(.maintenance, id: "event-7", deadlineAt: 600)))
            _ = await report
            return cluster.record
        }
        #expect(Set(record?.notices.map(\.id.rawValue) ?? []) == ["spot-1", "event-7"])
        #expect(record?.cordonedByUs == true)
    }

    @Test func `a stronger plan that takes over keeps the cordon as ours`() async throws {
        let (record, report) = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline)
            cluster.add(.sample("a"))
            let drainer = cluster.drainer()
            _ = await drainer.drain(
                SampleOrder(.sample(.cordonOnly, notice: .sample(.rebalance, id: "rebalance-1"))).order)
            let report = await drainer.drain(SampleOrder(.sample()).order)
            return (cluster.record, report)
        }
        #expect(report.ending == .empty)
        #expect(record?.cordonedByUs == true)
        #expect(record?.notices.map(\.id.rawValue) == ["rebalance-1", "spot-1"])
    }
}
