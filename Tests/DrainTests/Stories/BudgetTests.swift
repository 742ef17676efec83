import Interruption
import Kubernetes
import TestSupport
import Testing

@testable import Drain

struct BudgetTests {
    @Test func `a budget that refuses to the end: each pod is deleted in time for its whole grace`() async throws {
        let story = try await story { cluster in
            cluster.set(.refuses(retryAfter: nil), named: "web")
            for index in 0..<10 { cluster.add(.sample("p\(index)"), stopTime: .seconds(60), budgets: ["web"]) }
        }
        #expect(story.report.ending == .empty)
        #expect(story.report.count(.deleted) == 10)
        for pod in story.report.pods {
            #expect(pod.escalated)
            #expect(pod.detail == "budget web")
            #expect(pod.grace == .seconds(30))
            let end = try #require(story.cluster.wentAt(pod.uid))
            #expect(end <= second(115.5))
        }
        #expect((story.report.retries[.budget] ?? 0) >= 10)
        let evictions = story.cluster.calls.count { if case .evict = $0 { true } else { false } }
        #expect(evictions < 10 * 85)
    }

    @Test func `without escalation the pods are asked for to the end and reported as blocked`() async throws {
        let story = try await story(.sample(escalates: false)) { cluster in
            cluster.set(.refuses(retryAfter: nil), named: "web")
            cluster.add(.sample("a"), budgets: ["web"])
            cluster.add(.sample("b"))
        }
        #expect(story.report.ending == .deadlineReached)
        #expect(story.report.pod("a")?.fate == .blocked)
        #expect(story.report.pod("a")?.detail == "budget web")
        #expect(story.report.pod("b")?.fate == .evicted)
        #expect(!story.cluster.calls.contains { if case .delete = $0 { true } else { false } })
        let last = try #require(story.cluster.timedCalls.last { if case .evict = $0.call { true } else { false } })
        #expect(last.at > second(112))
        #expect(story.report.timeLeft <= .seconds(1))
    }

    @Test func `a Retry-After is honoured, but never past the pod's own time`() async throws {
        let story = try await story(.sample(notice: .sample(deadlineAt: 60))) { cluster in
            cluster.set(.refuses(retryAfter: .seconds(10)), named: "web")
            cluster.add(.sample("a"), budgets: ["web"])
        }
        // Own time is second 25: asked at 0, 10, 20, and then deleted at 25 instead of asked at 30.
        #expect(story.report.pod("a")?.grace == .seconds(30))
        let asked = story.cluster.timedCalls.filter { if case .evict = $0.call { true } else { false } }.map(\.at)
        #expect(asked.count == 3)
        for (earlier, later) in zip(asked, asked.dropFirst()) { #expect(earlier.duration(to: later) >= .seconds(10)) }
        let deleted = try #require(story.cluster.timedCalls.last { if case .delete = $0.call { true } else { false } })
        #expect(deleted.at < second(25.1))
    }

    @Test func `a budget that lets go one after another empties the node without force`() async throws {
        let story = try await story { cluster in
            cluster.set(.allows(1), named: "web")
            for index in 0..<8 { cluster.add(.sample("p\(index)"), budgets: ["web"]) }
        }
        #expect(story.report.ending == .empty)
        #expect(story.report.count(.evicted) == 8)
        let toEmpty = try #require(story.report.toEmpty)
        #expect(toEmpty < .seconds(20))
    }

    @Test func `a pod of two budgets is asked sparsely and deleted when its own time comes`() async throws {
        let story = try await story { cluster in
            cluster.set(.allows(5), named: "one")
            cluster.set(.allows(5), named: "two")
            cluster.add(.sample("a"), budgets: ["one", "two"])
        }
        #expect(story.report.pod("a")?.fate == .deleted)
        #expect(story.report.pod("a")?.detail == "more than one budget")
        #expect((5...14).contains(story.cluster.asks(for: "a").count))
        let deleted = try #require(story.cluster.timedCalls.last { if case .delete = $0.call { true } else { false } })
        #expect(deleted.at >= second(85) && deleted.at < second(85.1))
    }

    @Test func `a pod that wants more grace than there is time gets all the time there is`() async throws {
        let story = try await story { cluster in
            cluster.add(.sample("slow", grace: 3600), stopTime: .seconds(1000))
            cluster.add(.sample("quick"))
        }
        #expect(story.report.pod("quick")?.fate == .evicted)
        #expect(story.report.pod("slow")?.fate == .evicted)
        #expect(story.report.pod("slow")?.escalated == false)
        let grace = try #require(story.report.pod("slow")?.grace)
        #expect(grace == .seconds(115))
        #expect(story.report.ending == .empty)
    }

    @Test func `250 pods of one budget do not ask more than some dozens of times a second`() async throws {
        let story = try await story(.sample(notice: .sample(deadlineAt: 60))) { cluster in
            cluster.set(.refuses(retryAfter: nil), named: "web")
            for index in 0..<250 { cluster.add(.sample("p\(index)"), budgets: ["web"]) }
        }
        #expect(story.report.count(.deleted) == 250)
        var perSecond: [Int64: Int] = [:]
        for call in story.cluster.timedCalls {
            if case .evict = call.call { perSecond[call.at.sinceOrigin.components.seconds, default: 0] += 1 }
        }
        let busiest = perSecond.filter { $0.key > 2 }.values.max() ?? 0
        #expect(busiest <= 75)
    }
}
