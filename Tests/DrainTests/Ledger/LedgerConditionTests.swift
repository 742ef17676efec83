import Interruption
import Kubernetes
import Testing

@testable import Drain

/// The condition `DisruptionTarget` costs a request and must be answered before the deletion goes out.
struct LedgerConditionTests {
    static let owners: [(owner: String?, isTold: Bool)] = [
        (nil, true),
        ("batch/v1 Job", true),
        ("argoproj.io/v1alpha1 Workflow", true),
        ("example.com/v1 ReplicaSet", true),
        ("apps/v1 Deployment", true),
        ("apps/v1 ReplicaSet", false),
        ("apps/v1 StatefulSet", false),
        ("v1 ReplicationController", false),
    ]

    private func pod(of owner: String?) -> Pod {
        var pod = Pod.sample("a")
        pod.controller = owner.map { words in
            let parts = words.split(separator: " ")
            return OwnerReference(apiVersion: String(parts[0]), kind: String(parts[1]), name: "owner")
        }
        return pod
    }

    private func actions(_ ledger: inout Ledger, at now: Moment) -> [LeaveRequest.Action] {
        var actions: [LeaveRequest.Action] = []
        while let request = ledger.pass(at: now, by: .sample()).requests.first, actions.count < 5 {
            actions.append(request.action)
            ledger.requestAccepted(request, at: now)
        }
        return actions
    }

    @Test(arguments: owners.indices) func `by deletion it goes before where the owner may read it`(index: Int) {
        let (owner, isTold) = Self.owners[index]
        var ledger = Ledger.sample(.delete)
        ledger.listed([pod(of: owner)], at: second(0))
        let deletion = LeaveRequest.Action.delete(grace: nil, escalated: false)
        #expect(actions(&ledger, at: second(0)) == (isTold ? [.noteDisruption, deletion] : [deletion]))
    }

    @Test(arguments: owners.indices) func `so it does when a budget is overruled`(index: Int) throws {
        let (owner, isTold) = Self.owners[index]
        var ledger = Ledger.sample()
        ledger.listed([pod(of: owner)], at: second(0))
        let eviction = try #require(ledger.pass(at: second(0), by: .sample()).requests.first)
        ledger.requestRefused(
            eviction, .budgetRefused(budget: "b", message: "m", retryAfter: nil), at: second(0), by: .sample())
        let deletion = LeaveRequest.Action.delete(grace: nil, escalated: true)
        #expect(actions(&ledger, at: second(85)) == (isTold ? [.noteDisruption, deletion] : [deletion]))
    }
}
