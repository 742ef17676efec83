import Interruption
import Kubernetes
import Testing
import Transport

@testable import Drain

/// Pods whose own time is past before anybody could ask them, as most are under a notice of half a minute.
struct LedgerHasteTests {
    private let late = second(100)

    /// What is asked, and when, of a pod of 30 s grace that is first seen 15 s before the end: evictions get `answer`,
    /// the note on its status is refused, the DELETE is accepted.
    private func asked(
        _ pod: Pod = .sample("a"), _ strategy: Strategy = .evict, answer: KubernetesError? = nil
    ) -> (asks: [(at: Moment, action: LeaveRequest.Action)], ledger: Ledger) {
        var ledger = Ledger.sample(strategy)
        let plan = GracePlan.sample()
        ledger.listed([pod], at: late)
        var asks: [(at: Moment, action: LeaveRequest.Action)] = []
        var now = late
        while now < plan.deadline {
            let pass = ledger.pass(at: now, by: plan)
            guard let request = pass.requests.first else {
                guard let next = pass.wakeUp else { break }
                now = next
                continue
            }
            asks.append((now, request.action))
            switch request.manner {
            case .eviction:
                guard let answer else {
                    ledger.requestAccepted(request, at: now)
                    return (asks, ledger)
                }
                ledger.requestRefused(request, answer, at: now, by: plan)
            case .deletion:
                ledger.requestAccepted(request, at: now)
                return (asks, ledger)
            case nil:
                ledger.requestRefused(request, .forbidden(message: "status"), at: now, by: plan)
            }
        }
        return (asks, ledger)
    }

    @Test func `a pod with volumes has its own time earlier, and its whole grace all the same`() throws {
        var terms = Ledger.sample().terms
        terms.volumeMargin = .seconds(20)
        var pod = Pod.sample("a")
        for (hasVolumes, ownTime) in [(false, 85.0), (true, 65)] {
            pod.hasAttachableVolumes = hasVolumes
            var ledger = Ledger(terms)
            let plan = GracePlan.sample()
            ledger.listed([pod], at: second(0))
            let first = try #require(ledger.pass(at: second(0), by: plan).requests.first)
            ledger.requestRefused(first, Self.budget, at: second(0), by: plan)
            #expect(ledger.ownTime(of: ledger.entries[0], by: plan) == second(ownTime))
            let note = try #require(ledger.pass(at: second(ownTime), by: plan).requests.first)
            #expect(note.action == .noteDisruption)
            ledger.requestAccepted(note, at: second(ownTime))
            let deletion = try #require(ledger.pass(at: second(ownTime), by: plan).requests.first)
            guard case .delete(let grace, true) = deletion.action else {
                Issue.record("\(deletion.action)")
                return
            }
            #expect(grace ?? 30 == 30)
        }
    }

    private static let budget = KubernetesError.budgetRefused(budget: "b", message: "m", retryAfter: .seconds(10))

    @Test func `one is evicted with the grace that is left, by one request, and is no escalation`() {
        let (asks, ledger) = asked()
        #expect(asks.map(\.action) == [.evict(grace: 15)])
        #expect(ledger.outcomes()[0].grace == .seconds(15))
        #expect(ledger.outcomes()[0].escalated == false)
    }

    @Test func `refused by its budget, it is deleted after a third of the time that was left`() {
        let (asks, ledger) = asked(answer: Self.budget)
        #expect(asks.map(\.action) == [.evict(grace: 15), .noteDisruption, .delete(grace: 10, escalated: true)])
        #expect(asks.last?.at == second(105))
        #expect(ledger.outcomes()[0].escalated)
        #expect(ledger.outcomes()[0].detail == "budget b")
    }

    @Test func `its budget is asked again and again meanwhile`() {
        let (asks, _) = asked(answer: .budgetRefused(budget: "b", message: "m", retryAfter: nil))
        let evictions = asks.count { if case .evict = $0.action { true } else { false } }
        #expect((3...7).contains(evictions))
    }

    @Test(arguments: [
        KubernetesError.throttled(retryAfter: .seconds(1)), .serverFailed(status: 500, message: "s", retryAfter: nil),
        .denied(message: "d"), .unanswered(.connectionLost(detail: "l")), .timedOut,
    ])
    func `refused for another reason, it is deleted then too, and that is no escalation`(answer: KubernetesError) {
        let (asks, ledger) = asked(answer: answer)
        #expect(asks.last?.action == .delete(grace: 10, escalated: false))
        #expect(asks.last?.at == second(105))
        #expect(ledger.outcomes()[0].escalated == false)
        #expect(ledger.outcomes()[0].detail?.isEmpty == false)
    }

    @Test(arguments: [KubernetesError.forbidden(message: "f"), .severalBudgets, .invalid(message: "i")])
    func `where an eviction cannot work, it is deleted at once`(answer: KubernetesError) {
        let (asks, _) = asked(answer: answer)
        #expect(asks.map(\.at) == [late, late, late])
        #expect(asks.last?.action == .delete(grace: 15, escalated: answer == .severalBudgets))
    }

    @Test func `its wish not to be disturbed is overruled without asking`() {
        let pod = Pod.sample("a", annotations: ["karpenter.sh/do-not-disrupt": "true"])
        let (asks, ledger) = asked(pod)
        #expect(asks.map(\.action) == [.noteDisruption, .delete(grace: 15, escalated: true)])
        #expect(ledger.outcomes()[0].escalated)
    }

    @Test func `a terminating namespace makes it a deletion that overrules nothing`() {
        let (asks, _) = asked(answer: .namespaceTerminating)
        #expect(asks.map(\.action) == [.evict(grace: 15), .noteDisruption, .delete(grace: 15, escalated: false)])
    }

    @Test func `by the strategy delete it is deleted`() {
        let (asks, _) = asked(.sample("a"), .delete)
        #expect(asks.map(\.action) == [.noteDisruption, .delete(grace: 15, escalated: false)])
    }

    @Test func `an eviction without an answer is given up when the budget had its share`() throws {
        var ledger = Ledger.sample()
        ledger.listed([.sample("a")], at: late)
        let first = ledger.pass(at: late, by: .sample())
        let request = try #require(first.requests.first)
        #expect(first.wakeUp == second(106))
        #expect(ledger.pass(at: second(105.9), by: .sample()).abandoned.isEmpty)
        #expect(ledger.pass(at: second(106), by: .sample()).abandoned == [request.number])
        ledger.requestRefused(request, .timedOut, at: second(106), by: .sample())
        #expect(ledger.pass(at: second(106), by: .sample()).requests.map(\.action) == [.noteDisruption])
    }

    @Test func `a critical pod that waited until its own time is asked politely`() throws {
        var ledger = Ledger.sample()
        ledger.listed([.sample("a", grace: 60), .sample("dns", priority: 2_000_000_000)], at: second(0))
        let first = try #require(ledger.pass(at: second(0), by: .sample()).requests.first)
        ledger.requestAccepted(first, at: second(0))
        ledger.podAppeared(Pod.sample("a", grace: 60).terminating(until: second(60), grace: 60), at: second(0))
        let pass = ledger.pass(at: second(85), by: .sample())
        #expect(pass.requests.filter { $0.pod.name == "dns" }.map(\.action) == [.evict(grace: nil)])
        #expect(pass.wakeUp == second(85.25))
    }

    @Test func `a grace that can be had whole is not cut for a budget`() throws {
        var ledger = Ledger.sample()
        ledger.listed([.sample("a", grace: 110)], at: second(0))
        let request = try #require(ledger.pass(at: second(0), by: .sample()).requests.first)
        ledger.requestRefused(request, Self.budget, at: second(0), by: .sample())
        #expect(ledger.pass(at: second(0), by: .sample()).wakeUp == second(5))
        #expect(ledger.pass(at: second(5), by: .sample()).requests.map(\.action) == [.noteDisruption])
    }

    @Test func `seven days of grace and half an hour to go: the budget is asked for ten minutes`() throws {
        var ledger = Ledger.sample()
        let plan = GracePlan.sample(deadlineAt: 1805)
        ledger.listed([.sample("mq", grace: 604_800)], at: second(0))
        var now = second(0)
        while true {
            let pass = ledger.pass(at: now, by: plan)
            if let request = pass.requests.first {
                guard request.manner == .eviction else { break }
                ledger.requestRefused(request, Self.budget, at: now, by: plan)
            } else {
                now = try #require(pass.wakeUp)
            }
        }
        #expect(now == second(600))
        #expect(plan.grace(upTo: 604_800, at: now) == 1200)
    }
}
