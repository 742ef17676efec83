import Interruption
import Kubernetes
import TestSupport
import Testing
import Transport

@testable import Drain

struct FaultTests {
    /// The answers of an API server on a bad day.
    static let bad: [KubernetesError] = [
        .throttled(retryAfter: .seconds(1)), .serverFailed(status: 500, message: "etcd", retryAfter: nil),
        .serverFailed(status: 504, message: "timeout", retryAfter: .seconds(2)), .unauthorized,
        .unanswered(.connectionLost(detail: "reset")), .unanswered(.timedOut(phase: .answering)),
        .conflict(message: "changed"), .denied(message: "webhook"), .garbled(detail: "half a body"),
        .credentialsUnavailable(detail: "token"),
    ]

    @Test func `250 pods, one request in ten fails: all are out, each accepted once, within 2N + 8 requests`()
        async throws
    {
        let story = try await story(
            fault: { call, now in
                switch call {
                case .evict(let pod, _):
                    let number = (pod.uid + String(now.sinceOrigin.components.seconds)).utf8.reduce(7) {
                        ($0 &* 31 &+ Int($1)) % 1_000_003
                    }
                    return number % 10 == 0 ? .fails(Self.bad[number / 10 % Self.bad.count]) : nil
                default: return nil
                }
            }
        ) { cluster in
            for index in 0..<250 { cluster.add(.sample("p\(index)")) }
        }
        #expect(story.report.ending == .empty)
        #expect(story.report.count(.evicted) == 250)
        #expect(story.cluster.podsLeft.isEmpty)
        #expect(story.cluster.calls.count <= 2 * 250 + 8)
        #expect(story.cluster.calls.count > 250 + 8)
        for pod in story.report.pods { #expect(pod.grace == .seconds(30)) }
    }

    @Test(arguments: FaultTests.bad)
    func `one pod's trouble does not hold up its neighbours, and ends with a deletion in time`(
        answer: KubernetesError
    ) async throws {
        let story = try await story { cluster in
            cluster.add(.sample("sick"), answer: answer)
            for index in 0..<5 { cluster.add(.sample("p\(index)")) }
        }
        #expect(story.report.ending == .empty)
        #expect(story.report.count(.evicted) == 5)
        #expect(story.report.pod("sick")?.fate == .deleted)
        #expect(story.report.pod("sick")?.grace == .seconds(30))
        let neighbour = try #require(story.report.pod("p0")?.took)
        #expect(neighbour < .seconds(1))
    }

    @Test
    func `a server that refuses everything for twenty seconds is not stormed, and for a cordon sooner than for pods`()
        async throws
    {
        let refusal = SimulatedCluster.Fault.fails(.throttled(retryAfter: .seconds(1)))
        let story = try await story(fault: { _, now in now < second(20) ? refusal : nil }) { cluster in
            for index in 0..<30 { cluster.add(.sample("p\(index)")) }
        }
        let calls = story.cluster.calls
        let firstEviction = try #require(calls.firstIndex { if case .evict = $0 { true } else { false } })
        let (lists, cordons) = (
            calls[..<firstEviction].count { $0 == .list },
            calls[..<firstEviction].count { if case .patchNode = $0 { true } else { false } }
        )
        #expect((8...21).contains(lists))
        #expect(cordons >= lists + 5)
        #expect(story.report.ending == .empty)
        #expect(story.report.count(.evicted) == 30)
    }

    @Test func `where each single eviction is refused the whole node asks about once a second and a half`() async throws
    {
        let refusal = SimulatedCluster.Fault.fails(.throttled(retryAfter: .seconds(1)))
        let story = try await story(
            fault: { call, now in
                if case .evict = call, now < second(40) { refusal } else { nil }
            }
        ) { cluster in
            for index in 0..<30 { cluster.add(.sample("p\(index)")) }
        }
        // The first wave of 30 is cut to 7, then to 1; from then on it is one at a time.
        let most = [30, 7, 40, 30, 10].reduce(0, +)
        #expect(story.cluster.calls.count < most)
        #expect(story.report.count(.evicted) == 30)
        for pod in story.report.pods { #expect(pod.grace == .seconds(30)) }
    }

    @Test func `evictions are forbidden: asked sparsely, deleted at the own time`() async throws {
        let story = try await story { cluster in
            cluster.add(.sample("a"), answer: .forbidden(message: "no pods/eviction"))
        }
        #expect(story.report.pod("a")?.fate == .deleted)
        #expect(story.report.pod("a")?.detail == "forbidden: no pods/eviction")
        #expect(story.cluster.asks(for: "a").count < 15)
    }

    @Test func `in a namespace that is being terminated pods are deleted at once`() async throws {
        let story = try await story { cluster in
            cluster.add(.sample("a"), answer: .namespaceTerminating)
        }
        #expect(story.report.pod("a")?.fate == .deleted)
        #expect(story.report.pod("a")?.escalated == false)
        let toEmpty = try #require(story.report.toEmpty)
        #expect(toEmpty < .seconds(1))
    }

    @Test(arguments: [0.0, 0.3, 10.0])
    func `the API server is away for 20 s: everybody is out all the same`(from: Double) async throws {
        let story = try await story(
            fault: { _, now in
                (second(from)..<second(from + 20)).contains(now)
                    ? .fails(.unanswered(.unreachable(detail: "refused"))) : nil
            }
        ) { cluster in
            for index in 0..<50 { cluster.add(.sample("p\(index)"), stopTime: .seconds(from > 0 ? 15 : 1)) }
        }
        #expect(story.report.ending == .empty)
        #expect(story.cluster.podsLeft.isEmpty)
        #expect(story.cluster.node.isUnschedulable)
        let toEmpty = try #require(story.report.toEmpty)
        #expect(toEmpty < .seconds(from + 20 + 3))
        // Back-off: a dead server is not stormed by all pods at once.
        #expect(story.cluster.calls.count < 50 + 8 + 4 * 60)
    }

    @Test func `the API server accepts and never answers for 20 s: the deletions still come in time`() async throws {
        let story = try await story(
            .sample(notice: .sample(deadlineAt: 60)),
            fault: { call, now in
                guard now < second(20), case .evict = call else { return nil }
                return .hangs
            }
        ) { cluster in
            for index in 0..<5 { cluster.add(.sample("p\(index)"), stopTime: .seconds(5)) }
        }
        // Without an answer the pods' own time, second 25, ends the waiting.
        #expect(story.report.ending == .empty)
        for pod in story.report.pods { #expect(pod.grace == .seconds(30)) }
        let toEmpty = try #require(story.report.toEmpty)
        #expect(toEmpty < .seconds(31))
    }

    @Test func `an answer that was lost does not make the pod leave twice`() async throws {
        let story = try await story(
            fault: { call, now in
                if case .evict = call, now < second(0.05) { .doneButLost } else { nil }
            }
        ) { cluster in
            cluster.add(.sample("a"))
        }
        #expect(story.report.pod("a")?.fate == .evicted)
        #expect(story.cluster.asks(for: "a").count == 1)
    }

    @Test(arguments: [KubernetesError.expired, .unanswered(.connectionLost(detail: "in a line")), nil])
    func `a watch that ends every 3 s goes on, by a new list if it must`(error: KubernetesError?) async throws {
        let story = try await story(watchEnd: (.seconds(3), error)) { cluster in
            cluster.add(.sample("a"), stopTime: .seconds(10))
            cluster.add(.sample("b"), stopTime: .seconds(20))
        }
        #expect(story.report.ending == .empty)
        let toEmpty = try #require(story.report.toEmpty)
        #expect(toEmpty < .seconds(21.5))
        let lists = story.cluster.calls.count { $0 == .list }
        #expect(error == .expired ? lists > 1 : lists == 1)
    }

    @Test func `a server whose lists are too old for its own watches is not asked in a tight loop`() async throws {
        let story = try await story(fault: { call, _ in call == .watch ? .fails(.expired) : nil }) { cluster in
            cluster.add(.sample("a"), stopTime: .seconds(20))
        }
        #expect(story.report.ending == .empty)
        #expect(story.cluster.calls.count { $0 == .list } < 40)
    }

    @Test func `a watch that is forbidden is replaced by lists`() async throws {
        let story = try await story(
            fault: { call, _ in call == .watch ? .fails(.forbidden(message: "no watch")) : nil }
        ) { cluster in
            cluster.add(.sample("a"), stopTime: .seconds(3))
        }
        #expect(story.report.ending == .empty)
        #expect(story.report.remarks.contains("watch of pods: forbidden: no watch"))
    }

    @Test func `a watch that went silent is found out`() async throws {
        let story = try await story(
            fault: { call, now in call == .watch && now < second(1) ? .hangs : nil }
        ) { cluster in
            cluster.add(.sample("a", grace: 5), stopTime: .seconds(3))
        }
        #expect(story.report.ending == .empty)
        let toEmpty = try #require(story.report.toEmpty)
        #expect(toEmpty < .seconds(15))
    }

    @Test func `when nothing may be read the drain ends as failed, at the deadline`() async throws {
        let story = try await story(
            fault: { call, _ in call == .list ? .fails(.forbidden(message: "no list")) : nil }
        ) { cluster in
            cluster.add(.sample("a"))
        }
        #expect(story.report.ending == .failed)
        #expect(story.report.timeLeft <= .seconds(1))
        #expect(story.cluster.node.isUnschedulable)
    }

    @Test func `a StatefulSet's new pod under the same name elsewhere is not touched`() async throws {
        let report = try await VirtualTime.run { timeline in
            let cluster = SimulatedCluster(timeline)
            cluster.add(.sample("db-0", uid: "old", controller: "StatefulSet"), budgets: ["db"])
            cluster.set(.refuses(retryAfter: nil), named: "db")
            async let report = cluster.drained()
            _ = await timeline.passes(.seconds(3))
            // Somebody deletes it, and it comes up on another node under its name.
            try await cluster.delete(
                PodReference(namespace: "web", name: "db-0", uid: "old"), grace: 1, dryRun: false)
            _ = await timeline.passes(.seconds(2))
            cluster.add(.sample("db-0", uid: "new", node: "node-b", controller: "StatefulSet"), budgets: ["db"])
            let result = await report
            let touched = cluster.asks(for: "db-0").contains {
                switch $0 {
                case .evict(let pod, _), .delete(let pod, _): pod.uid == "new"
                default: false
                }
            }
            #expect(!touched)
            #expect(cluster.podsLeft == ["db-0"])
            return result
        }
        #expect(report.ending == .empty)
        #expect(report.pods.map(\.fate) == [.gone])
    }

    @Test func `a pod with a finalizer is reported as terminating, with the finalizer`() async throws {
        let story = try await story(.sample(notice: .sample(deadlineAt: 60))) { cluster in
            cluster.add(.sample("job", finalizers: ["batch.kubernetes.io/job-tracking"]))
        }
        #expect(story.report.ending == .deadlineReached)
        #expect(story.report.pod("job")?.fate == .terminating)
        #expect(story.report.pod("job")?.detail == "finalizers: batch.kubernetes.io/job-tracking")
    }
}
