import Interruption
import Kubernetes
import Testing

@testable import Drain

/// Pods that come while the node is emptied.
struct LedgerOwnerTests {
    /// A node with one pod of `agent`, listed and asked at second 0.
    private func begun(_ pods: [Pod], cordoned: Bool = true) -> Ledger {
        var ledger = Ledger.sample()
        ledger.listed(pods, at: second(0))
        if cordoned { ledger.nodeWasCordoned() }
        return ledger
    }

    /// The ledger accepts what it asks at `now` and what is asked then is out.
    private func moves(_ ledger: inout Ledger, at now: Moment) -> [String] {
        let requests = ledger.pass(at: now, by: .sample()).requests
        for request in requests {
            ledger.requestAccepted(request, at: now)
            ledger.podGone(request.pod, at: now)
        }
        return requests.map(\.pod.name)
    }

    @Test func `one that comes back is asked once more, and then at its own time`() throws {
        var ledger = begun([.sample("a0", owner: "agent")])
        #expect(moves(&ledger, at: second(0)) == ["a0"])
        ledger.podAppeared(.sample("a1", owner: "agent"), at: second(1))
        #expect(moves(&ledger, at: second(1)) == ["a1"])
        ledger.podAppeared(.sample("a2", owner: "agent"), at: second(2))
        #expect(moves(&ledger, at: second(2)) == [])
        #expect(ledger.isEmpty)
        #expect(ledger.pass(at: second(2), by: .sample()).wakeUp == second(85))
        #expect(ledger.outcomes().last?.fate == .skipped)
        #expect(ledger.outcomes().last?.detail == "comes back to this node: it tolerates the cordon")
        #expect(moves(&ledger, at: second(85)) == ["a2"])
        ledger.podAppeared(.sample("a3", owner: "agent"), at: second(86))
        #expect(moves(&ledger, at: second(86)) == [])
        #expect(ledger.pass(at: second(86), by: .sample()).wakeUp == nil)
        #expect(ledger.remarks == ["Job web/agent comes back to this node: it tolerates the cordon"])
    }

    @Test func `one that is bound late takes nobody's place and is asked at once`() {
        var ledger = begun([.sample("a0", owner: "agent")])
        ledger.podAppeared(.sample("b0", owner: "other"), at: second(1))
        ledger.podAppeared(.sample("a1", owner: "agent"), at: second(1))
        #expect(moves(&ledger, at: second(1)).sorted() == ["a0", "a1", "b0"])
        #expect(ledger.remarks.isEmpty)
    }

    @Test func `those that come back delay no critical pod`() {
        var ledger = begun([.sample("a0", owner: "agent"), .sample("dns", priority: 2_000_000_000)])
        #expect(moves(&ledger, at: second(0)) == ["a0"])
        ledger.podAppeared(.sample("a1", owner: "agent"), at: second(0))
        #expect(moves(&ledger, at: second(0)) == ["a1"])
        ledger.podAppeared(.sample("a2", owner: "agent"), at: second(0))
        #expect(moves(&ledger, at: second(0)) == ["dns"])
    }

    @Test func `once the cordon is there, who came back before it is asked again`() {
        var ledger = begun([.sample("a0", owner: "agent")], cordoned: false)
        for (index, name) in ["a0", "a1"].enumerated() {
            #expect(moves(&ledger, at: second(Double(index))) == [name])
            ledger.podAppeared(.sample("a\(index + 1)", owner: "agent"), at: second(Double(index)))
        }
        #expect(moves(&ledger, at: second(3)) == [])
        #expect(ledger.outcomes().last?.detail == "comes back to this node: the node takes new pods")
        ledger.nodeWasCordoned()
        #expect(moves(&ledger, at: second(4)) == ["a2"])
    }

    @Test func `a watch that is quicker than the answer makes no difference`() throws {
        var ledger = begun([.sample("a0", owner: "agent")])
        var now = second(0)
        var asked = 0
        for index in 0..<20 {
            guard let request = ledger.pass(at: now, by: .sample()).requests.first else { break }
            asked += 1
            let pod = Pod.sample("a\(index)", owner: "agent")
            ledger.podAppeared(pod.terminating(until: second(30), grace: 30), at: now)
            ledger.podAppeared(.sample("a\(index + 1)", owner: "agent"), at: now)
            ledger.podGone(pod.reference, at: now)
            ledger.requestAccepted(request, at: now)
            now = now.advanced(by: .milliseconds(100))
        }
        #expect(asked == 2)
    }

    @Test func `thousands that come and go cost no more than some`() {
        var ledger = begun([.sample("web")])
        for index in 0..<10_000 {
            let pod = Pod.sample("c\(index)", owner: "cron-\(index)")
            ledger.podAppeared(pod, at: second(1))
            ledger.podGone(pod.reference, at: second(1))
        }
        #expect(ledger.entries.count < 2 * Ledger.memory)
        #expect(ledger.outcomes().count <= 2 * Ledger.memory + 1)
        #expect(ledger.owners.count < 2 * Ledger.memory)
        #expect(ledger.queue.count <= 2)
        #expect(ledger.remarks.contains { $0.hasSuffix("more pods came and went") })
        #expect(ledger.pass(at: second(2), by: .sample()).requests.map(\.pod.name) == ["web"])
    }

    @Test func `pods are asked when settle is over, or when they say, or when their own time comes`() {
        var ledger = Ledger.sample(settle: .seconds(45))
        let key = Leave.annotation
        ledger.listed(
            [
                .sample("ordinary"), .sample("slow", grace: 100), .sample("first", annotations: [key: "first"]),
                .sample("soon", annotations: [key: "10s"]), .sample("late", annotations: [key: "late"]),
                .sample("mistyped", annotations: [key: "soon"]),
            ], at: second(0))
        var asked: [String: Moment] = [:]
        var now = second(0)
        while let wakeUp = { () -> Moment? in
            let pass = ledger.pass(at: now, by: .sample())
            for request in pass.requests {
                asked[request.pod.name] = now
                ledger.requestAccepted(request, at: now)
                ledger.podAppeared(
                    Pod.sample(request.pod.name).terminating(until: now.advanced(by: .seconds(30)), grace: 30), at: now)
            }
            return pass.requests.isEmpty ? pass.wakeUp : now
        }() {
            now = wakeUp
            if now > second(120) { break }
        }
        #expect(
            asked == [
                "ordinary": second(45), "slow": second(15), "first": second(0), "soon": second(10),
                "late": second(85), "mistyped": second(45),
            ])
    }
}
