import Interruption
import Kubernetes
import Testing

@testable import Doctor

/// The Node and the machine that we are on.
@Suite struct `The node that is found` {
    private func diagnosis(_ change: (inout Node) -> Void = { _ in }, on machine: String? = nil) -> Diagnosis {
        var node = Node(name: "node-a", providerID: "aws:///eu-west-1a/i-0bb697ef2705e5b30")
        change(&node)
        return NodeSight(node: node, machine: MachineIdentity(instanceID: machine)).diagnosis
    }

    @Test func `is fine when it takes pods`() {
        #expect(diagnosis().verdict == .ok)
        #expect(diagnosis(on: "i-0bb697ef2705e5b30").verdict == .ok)
    }

    @Test func `of another machine would be emptied by mistake`() {
        let found = diagnosis(on: "i-0ffffffffffffffff")
        #expect(found.verdict == .fail)
        #expect(found.words.contains("i-0ffffffffffffffff") && found.words.contains("i-0bb697ef2705e5b30"))
    }

    @Test func `cordoned by somebody else is worth a look`() {
        let found = diagnosis { $0.isUnschedulable = true }
        #expect(found.verdict == .warn)
        #expect(found.words.contains("not by us"))
    }

    @Test func `cordoned with our record is a drain, and nothing wrong`() {
        let found = diagnosis {
            $0.isUnschedulable = true
            $0.annotations["interruption-handler.io/record"] = "{}"
        }
        #expect(found.verdict == .ok)
        #expect(found.words.contains("record of ours"))
    }

    @Test func `that is not Ready is worth a look`() {
        #expect(diagnosis { $0.isReady = false }.verdict == .warn)
    }
}
