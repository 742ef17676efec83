import Simulators
import Testing

/// What befalls a node of the simulated cluster.
struct KubernetesNodeLifeTests {
    private let cluster = ClusterPreset.empty(time: ManualClusterTime())

    private var node: KubernetesJSON? { cluster.object(.nodes, "node-a") }

    private func readiness(of node: KubernetesJSON?) -> String? {
        node?["status", "conditions"]?.array?.first { $0["type"] == "Ready" }?["status"]?.string
    }

    @Test func `a person's cordon and uncordon are the node's own field and nothing else`() {
        let before = node
        cluster.cordon(node: "node-a")
        #expect(node?["spec", "unschedulable"]?.bool == true)
        cluster.uncordon(node: "node-a")
        #expect(node?["spec", "unschedulable"] == nil)
        #expect(node?["metadata", "annotations"] == before?["metadata", "annotations"])
    }

    @Test func `a node is not Ready for a while`() {
        cluster.setReady(false, node: "node-a")
        #expect(readiness(of: node) == "False")
        cluster.setReady(true, node: "node-a")
        #expect(readiness(of: node) == "True")
    }

    @Test func `a reboot leaves another boot id and the same object`() {
        let before = node
        cluster.reboot(node: "node-a")
        #expect(node?["status", "nodeInfo", "bootID"]?.string != before?["status", "nodeInfo", "bootID"]?.string)
        #expect(node?["metadata", "uid"] == before?["metadata", "uid"])
    }

    @Test func `what a node was in between is remembered`() throws {
        let version = cluster.resourceVersion
        cluster.cordon(node: "node-a")
        cluster.uncordon(node: "node-a")
        let states = try #require(cluster.states(of: .nodes, "node-a", since: version))
        #expect(states.map { $0["spec", "unschedulable"]?.bool ?? false } == [true, false])
        cluster.compact()
        #expect(cluster.states(of: .nodes, "node-a", since: version) == nil)
    }
}
