import Interruption
import Kubernetes
import Testing
import Transport

@testable import Drain

/// Pods whose own time is past before anybody could ask them, as most are under a notice of half a minute.
struct LedgerHasteTests {
    private let late = second(100)

    /// What is asked of a pod of 30 s grace that is first seen 15 s before the end, refused again and again.
    private func asked(
        _ pod: Pod = .sample("a"), _ strategy: Strategy = .evict, escalates: Bool = true,
        answers: [KubernetesError]
    ) -> (actions: [LeaveRequest.Action], ledger: Ledger) {
        var ledger = Ledger.sample(strategy, escalates: escalates)
        let plan = GracePlan.sample(escalates: escalates)
        ledger.listed([pod], at: late)
        var actions: [LeaveRequest.Action] = []
        for answer in answers {
            guard let request = ledger.pass(at: late, by: plan).requests.first else { break }
            actions.append(request.action)
            ledger.requestRefused(request, answer, at: late, by: plan)
        }
        if let request = ledger.pass(at: late, by: plan).requests.first {
            actions.append(request.action)
            ledger.requestAccepted(request, at: late)
        }
        return (actions, ledger)
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
        let (actions, ledger) = asked(answers: [])
        #expect(actions == [.evict(grace: 15)])
        #expect(ledger.outcomes()[0].grace == .seconds(15))
        #expect(ledger.outcomes()[0].escalated == false)
    }

    @Test func `refused by its budget, it is deleted at once and that is an escalation`() {
        let (actions, ledger) = asked(answers: [Self.budget, .forbidden(message: "status")])
        #expect(actions == [.evict(grace: 15), .noteDisruption, .delete(grace: 15, escalated: true)])
        #expect(ledger.outcomes()[0].escalated)
    }

    @Test func `whose deletion fails at first still names the budget that was overruled`() throws {
        let failed = KubernetesError.serverFailed(status: 500, message: "s", retryAfter: nil)
        var (_, ledger) = asked(answers: [Self.budget])
        let plan = GracePlan.sample()
        let deletion = try #require(ledger.pass(at: late, by: plan).requests.first)
        ledger.requestRefused(deletion, failed, at: late, by: plan)
        let again = try #require(ledger.pass(at: second(101), by: plan).requests.first)
        #expect(again.action == .delete(grace: 14, escalated: true))
        ledger.requestAccepted(again, at: second(101))
        #expect(ledger.outcomes()[0].escalated)
        #expect(ledger.outcomes()[0].detail == "budget b")
    }

    @Test(arguments: [
        KubernetesError.throttled(retryAfter: .seconds(1)), .serverFailed(status: 500, message: "s", retryAfter: nil),
        .denied(message: "d"), .forbidden(message: "f"), .unanswered(.connectionLost(detail: "l")), .timedOut,
    ])
    func `refused for another reason, it is deleted at once and that is no escalation`(answer: KubernetesError) {
        let (actions, ledger) = asked(answers: [answer, .forbidden(message: "status")])
        #expect(actions == [.evict(grace: 15), .noteDisruption, .delete(grace: 15, escalated: false)])
        #expect(ledger.outcomes()[0].escalated == false)
        #expect(ledger.outcomes()[0].detail?.isEmpty == false)
    }

    @Test func `its wish not to be disturbed is overruled without asking`() {
        let pod = Pod.sample("a", annotations: ["karpenter.sh/do-not-disrupt": "true"])
        let (actions, ledger) = asked(pod, answers: [.forbidden(message: "status")])
        #expect(actions == [.noteDisruption, .delete(grace: 15, escalated: true)])
        #expect(ledger.outcomes()[0].escalated)
    }

    @Test func `a terminating namespace makes it a deletion that overrules nothing`() {
        let (actions, _) = asked(answers: [.namespaceTerminating, .forbidden(message: "status")])
        #expect(actions == [.evict(grace: 15), .noteDisruption, .delete(grace: 15, escalated: false)])
    }

    @Test func `by the strategy delete it is deleted`() {
        let (actions, _) = asked(.sample("a"), .delete, answers: [.forbidden(message: "status")])
        #expect(actions == [.noteDisruption, .delete(grace: 15, escalated: false)])
    }

    @Test func `without an answer it is deleted a second later`() throws {
        var ledger = Ledger.sample()
        ledger.listed([.sample("a")], at: late)
        let first = ledger.pass(at: late, by: .sample())
        let request = try #require(first.requests.first)
        #expect(first.wakeUp == second(101))
        #expect(ledger.pass(at: second(100.9), by: .sample()).abandoned.isEmpty)
        #expect(ledger.pass(at: second(101), by: .sample()).abandoned == [request.number])
        ledger.requestRefused(request, .timedOut, at: second(101), by: .sample())
        #expect(ledger.pass(at: second(101), by: .sample()).requests.map(\.action) == [.noteDisruption])
    }

    @Test func `a critical pod that waited until its own time is asked politely, and loses no second by it`() throws {
        var ledger = Ledger.sample()
        ledger.listed([.sample("a", grace: 60), .sample("dns", priority: 2_000_000_000)], at: second(0))
        let first = try #require(ledger.pass(at: second(0), by: .sample()).requests.first)
        ledger.requestAccepted(first, at: second(0))
        let pass = ledger.pass(at: second(85), by: .sample())
        #expect(pass.requests.filter { $0.pod.name == "dns" }.map(\.action) == [.evict(grace: nil)])
        #expect(pass.wakeUp == second(85.25))
    }
}
