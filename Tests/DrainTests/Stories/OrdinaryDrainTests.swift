import Interruption
import Kubernetes
import TestSupport
import Testing

@testable import Drain

struct OrdinaryDrainTests {
    @Test func `ten pods leave in the time one takes`() async throws {
        let story = try await story { cluster in
            for index in 0..<10 { cluster.add(.sample("p\(index)")) }
        }
        #expect(story.report.ending == .empty)
        #expect(story.report.count(.evicted) == 10)
        #expect(story.cluster.podsLeft.isEmpty)
        let toEmpty = try #require(story.report.toEmpty)
        #expect(toEmpty < .milliseconds(700))
    }

    @Test(arguments: [0, 1, 10, 250]) func `a drain of N pods takes N + 7 requests`(count: Int) async throws {
        let story = try await story { cluster in
            for index in 0..<count { cluster.add(.sample("p\(index)")) }
        }
        #expect(story.report.ending == .empty)
        #expect(story.cluster.calls.count == count + 7)
        #expect(story.cluster.calls.count { if case .post = $0 { true } else { false } } == 2)
        #expect(story.cluster.calls.count { $0 == .list } == 1)
        #expect(story.cluster.calls.count { $0 == .watch } == 1)
    }

    @Test func `250 pods are asked with 50 requests under way and more, and never more than 100 streams`() async throws
    {
        let story = try await story { cluster in
            for index in 0..<250 { cluster.add(.sample("p\(index)")) }
        }
        #expect((51...100).contains(story.cluster.mostInFlight))
        let toLast = try #require(story.report.toLastRequest)
        #expect(toLast < .milliseconds(100))
    }

    @Test func `the cordon goes out before anything else is written`() async throws {
        let story = try await story { cluster in
            for index in 0..<20 { cluster.add(.sample("p\(index)")) }
        }
        let toCordon = try #require(story.report.toCordon)
        #expect(toCordon <= .milliseconds(20))
        #expect(story.cluster.node.isUnschedulable)
    }

    @Test func `who does not leave is left alone and named`() async throws {
        let story = try await story { cluster in
            cluster.add(.sample("web"))
            cluster.add(.sample("agent", controller: "DaemonSet"))
            cluster.add(.sample("handler", namespace: "kube-system"))
            cluster.add(.sample("done", phase: "Succeeded"))
            var mirror = Pod.sample("static", controller: nil)
            mirror.isMirror = true
            cluster.add(mirror)
        }
        #expect(story.report.ending == .empty)
        #expect(story.cluster.podsLeft == ["agent", "done", "handler", "static"])
        #expect(story.report.count(.skipped) == 4)
        #expect(story.report.pod("agent")?.detail == "DaemonSet owner")
        #expect(story.report.pod("web")?.fate == .evicted)
    }

    @Test func `a pod that is bound a moment before the cordon leaves too`() async throws {
        let report = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline)
            cluster.add(.sample("first"))
            async let report = cluster.drained()
            _ = await timeline.passes(.milliseconds(400))
            cluster.add(.sample("late"))
            return await report
        }
        #expect(report.ending == .empty)
        #expect(report.pod("late")?.fate == .evicted)
    }

    @Test func `system-critical pods leave when the others are gone`() async throws {
        let story = try await story { cluster in
            cluster.add(.sample("dns", priority: 2_000_000_000))
            cluster.add(.sample("web"), stopTime: .seconds(20))
        }
        #expect(story.report.ending == .empty)
        let asked = story.cluster.timedCalls.first { $0.call == .evict(Pod.sample("dns").reference, grace: nil) }
        let webWentAt = try #require(story.cluster.wentAt("uid-web"))
        #expect(try #require(asked).at >= webWentAt)
    }

    @Test func `nothing is asked of pods by cordon-only`() async throws {
        let story = try await story(.sample(.cordonOnly)) { cluster in
            cluster.add(.sample("web"))
        }
        #expect(story.report.ending == .empty)
        #expect(story.cluster.node.isUnschedulable)
        #expect(story.cluster.podsLeft == ["web"])
        #expect(story.report.pods.map(\.fate) == [.skipped])
        #expect(!story.cluster.calls.contains(.watch))
        #expect(story.cluster.record?.notices.first?.ending == .empty)
    }

    @Test func `by delete every pod is marked as disrupted first`() async throws {
        let story = try await story(.sample(.delete)) { cluster in
            cluster.add(.sample("web"), budgets: ["web"])
            cluster.set(.refuses(retryAfter: nil), named: "web")
        }
        #expect(story.report.ending == .empty)
        #expect(story.report.pod("web")?.fate == .deleted)
        #expect(story.report.pod("web")?.escalated == false)
        let order = story.cluster.calls.compactMap { call -> String? in
            switch call {
            case .patchPodStatus(_, let patch): patch.json.contains(#""reason":"SpotInterruption""#) ? "note" : "?"
            case .delete: "delete"
            case .evict: "evict"
            default: nil
            }
        }
        #expect(order == ["note", "delete"])
    }

    @Test func `a condition that cannot be set does not prevent the deletion`() async throws {
        let story = try await story(
            .sample(.delete),
            fault: { call, _ in
                if case .patchPodStatus = call { .hangs } else { nil }
            }
        ) { cluster in
            cluster.add(.sample("web"))
        }
        #expect(story.report.pod("web")?.fate == .deleted)
        let toEmpty = try #require(story.report.toEmpty)
        #expect(toEmpty < .seconds(2))
    }

    @Test func `the news tell of cordon, pods and each end`() async throws {
        let news = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline)
            cluster.add(.sample("web"))
            let order = SampleOrder(.sample())
            _ = await cluster.drainer().drain(order.order)
            return order.news
        }
        #expect(news.contains { if case .cordoned(_, alreadyCordoned: false) = $0 { true } else { false } })
        #expect(news.contains { if case .found(let pods) = $0 { pods.count == 1 } else { false } })
        let fates = news.compactMap { if case .pod(let pod) = $0 { pod.fate } else { nil } }
        #expect(fates == [.terminating, .evicted])
    }
}
