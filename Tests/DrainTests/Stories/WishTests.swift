import Interruption
import Kubernetes
import TestSupport
import Testing

@testable import Drain

struct WishTests {
    static let wishes: [(labels: [String: String], annotations: [String: String])] = [
        (["cluster.x-k8s.io/drain": "skip"], [:]),
        ([:], ["karpenter.sh/do-not-disrupt": "true"]),
        ([:], ["cluster-autoscaler.kubernetes.io/safe-to-evict": "false"]),
    ]

    @Test(arguments: wishes.indices)
    func `a pod that does not want to be disturbed is left alone until its own time`(index: Int) async throws {
        let wish = Self.wishes[index]
        let story = try await story { cluster in
            cluster.add(.sample("a", labels: wish.labels, annotations: wish.annotations))
        }
        #expect(story.report.pod("a")?.fate == .deleted)
        #expect(story.report.pod("a")?.escalated == true)
        #expect(story.report.pod("a")?.detail?.isEmpty == false)
        let asked = try #require(
            story.cluster.timedCalls.first {
                switch $0.call {
                case .evict, .delete, .patchPodStatus: true
                default: false
                }
            })
        #expect(asked.at >= second(85))
    }

    @Test func `without escalation such a wish is respected to the end and does not hold up the drain`() async throws {
        let story = try await story(.sample(escalates: false)) { cluster in
            cluster.add(.sample("a", annotations: ["karpenter.sh/do-not-disrupt": "true"]))
            cluster.add(.sample("b"))
        }
        #expect(story.report.ending == .empty)
        #expect(story.report.pod("a")?.fate == .skipped)
        #expect(story.report.pod("a")?.detail == "karpenter.sh/do-not-disrupt: true")
        #expect(story.cluster.podsLeft == ["a"])
    }
}
