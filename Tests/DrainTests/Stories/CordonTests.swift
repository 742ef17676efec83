import Interruption
import Kubernetes
import TestSupport
import Testing
import Transport

@testable import Drain

struct CordonTests {
    @Test func `a node that somebody cordoned is drained and known as theirs`() async throws {
        let story = try await story { cluster in
            cluster.changeNode { $0.isUnschedulable = true }
            cluster.add(.sample("a"))
        }
        #expect(story.report.ending == .empty)
        #expect(story.cluster.record?.cordonedByUs == false)
    }

    @Test func `a node that cannot be read is cordoned after half a second`() async throws {
        let story = try await story(fault: { call, _ in call == .readNode ? .hangs : nil }) { cluster in
            cluster.add(.sample("a"))
        }
        let toCordon = try #require(story.report.toCordon)
        #expect(toCordon < .milliseconds(600))
        #expect(story.cluster.record?.cordonedByUs == true)
        #expect(story.cluster.record?.notices.count == 1)
        #expect(story.report.ending == .empty)
    }

    @Test func `a node that cannot be read and carries the cluster's own taint was cordoned before`() async throws {
        let story = try await story(
            fault: { call, _ in call == .readNode ? .fails(.forbidden(message: "no get")) : nil }
        ) { cluster in
            cluster.changeNode { node in
                node.isUnschedulable = true
                node.taints = [Taint(key: "node.kubernetes.io/unschedulable", effect: "NoSchedule")]
            }
        }
        #expect(story.cluster.record?.cordonedByUs == false)
    }

    @Test func `a cordon whose answer was lost is still known as ours`() async throws {
        let story = try await story(
            fault: { call, now in
                if case .patchNode = call, now < second(0.05) { .doneButLost } else { nil }
            }
        ) { cluster in cluster.add(.sample("a")) }
        #expect(story.cluster.record?.cordonedByUs == true)
        #expect(story.report.ending == .empty)
    }

    @Test func `a bare cordon whose answer was lost is still known as ours, for the node was seen before`() async throws
    {
        let story = try await story(
            fault: { call, now in
                guard case .patchNode(let patch) = call, now < second(0.1) else { return nil }
                return patch.json.contains("annotations") ? .fails(.denied(message: "policy")) : .doneButLost
            }
        ) { cluster in cluster.add(.sample("a")) }
        #expect(story.cluster.record?.cordonedByUs == true)
        #expect(story.report.toCordon != nil)
    }

    @Test func `a cordon that is forbidden does not stop the evictions`() async throws {
        let story = try await story(
            fault: { call, _ in
                if case .patchNode = call { .fails(.forbidden(message: "no patch")) } else { nil }
            }
        ) { cluster in cluster.add(.sample("a")) }
        #expect(story.report.ending == .empty)
        #expect(story.report.count(.evicted) == 1)
        #expect(story.report.toCordon == nil)
        #expect(story.report.remarks.contains("cordon: forbidden: no patch"))
    }

    @Test func `a cordon that is forbidden for a while is not given up when the node is empty`() async throws {
        let story = try await story(
            fault: { call, now in
                if case .patchNode = call, now < second(3) { .fails(.forbidden(message: "not yet")) } else { nil }
            }
        ) { cluster in cluster.add(.sample("a")) }
        #expect(story.report.ending == .empty)
        #expect(story.report.toCordon != nil)
        #expect(story.cluster.record?.cordonedByUs == true)
    }

    @Test func `a record that is refused does not prevent the cordon`() async throws {
        let story = try await story(
            fault: { call, _ in
                guard case .patchNode(let patch) = call, patch.json.contains("annotations") else { return nil }
                return .fails(.denied(message: "policy"))
            }
        ) { cluster in cluster.add(.sample("a")) }
        #expect(story.cluster.node.isUnschedulable)
        #expect(story.report.ending == .empty)
        #expect(story.report.remarks.contains("record: denied: policy"))
    }

    @Test func `cordon-only fails when the node cannot be cordoned until the end`() async throws {
        let story = try await story(
            .sample(.cordonOnly, notice: .sample(.rebalance, deadlineAt: 60)),
            fault: { call, _ in
                if case .patchNode = call { .fails(.unanswered(.unreachable(detail: "x"))) } else { nil }
            }
        ) { _ in }
        #expect(story.report.ending == .failed)
    }

    @Test(arguments: ["event", "conditions", "taint"])
    func `a mark that hangs or fails delays nothing and is remarked`(mark: String) async throws {
        let story = try await story(
            marks: GiveBackTests.everything,
            fault: { call, _ in
                switch call {
                case .post where mark == "event": .fails(.forbidden(message: "no"))
                case .patchNodeStatus where mark == "conditions": .hangs
                case .patchNode(let patch) where mark == "taint" && patch.json.contains(#""taints""#):
                    .fails(.forbidden(message: "no"))
                default: nil
                }
            }
        ) { cluster in cluster.add(.sample("a")) }
        #expect(story.report.ending == .empty)
        let toEmpty = try #require(story.report.toEmpty)
        #expect(toEmpty < .seconds(1))
        #expect(mark == "conditions" || story.report.remarks.contains { $0.hasPrefix(mark) })
    }

    @Test func `a taint is added though others write the node at the same time`() async throws {
        let cluster = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline, latency: .milliseconds(20))
            cluster.add(.sample("a"), stopTime: .seconds(5))
            async let report = cluster.drained(by: .sample(), MarkSettings(taints: MarkSettings.referenceTaints()))
            // Written between our read and our write, as the cluster does right after a cordon.
            _ = await timeline.passes(.milliseconds(45))
            cluster.changeNode {
                $0.taints.append(Taint(key: "node.kubernetes.io/unschedulable", effect: "NoSchedule"))
            }
            _ = await report
            return cluster
        }
        #expect(
            cluster.node.taints.map(\.key) == [
                "node.kubernetes.io/unschedulable", "aws-node-termination-handler/spot-itn",
            ])
    }

    @Test func `a taint that removes pods waits for the end of the drain`() async throws {
        let story = try await story(marks: MarkSettings(taints: MarkSettings.ownTaints(effect: .noExecute))) {
            cluster in
            cluster.add(.sample("a"), stopTime: .seconds(5))
        }
        let tainted = try #require(
            story.cluster.timedCalls.first {
                if case .patchNode(let patch) = $0.call {
                    patch.json.contains("NoExecute") && patch.json.contains("spec")
                        && !patch.json.contains("unschedulable")
                } else {
                    false
                }
            })
        #expect(tainted.at >= second(5))
        #expect(story.cluster.node.taints.map(\.effect) == ["NoExecute"])
    }

    @Test func `an event per pod only when that is wanted`() async throws {
        let story = try await story(marks: MarkSettings(podEvents: true)) { cluster in
            cluster.add(.sample("a"))
            cluster.add(.sample("b"))
        }
        let subjects = story.cluster.calls.compactMap { call -> EventNote.Subject? in
            if case .post(let note) = call { note.subject } else { nil }
        }
        #expect(subjects.count { if case .pod = $0 { true } else { false } } == 2)
    }
}
