import Simulators
import Testing

/// Changes of nodes against what a real API server 1.36 answered.
@Suite struct KubernetesNodeReplayTests {
    private static let taintA: KubernetesJSON = ["key": "a", "value": "1", "effect": "NoSchedule"]

    private func bench(_ spec: KubernetesJSON.Members = [:]) throws -> KubernetesBench {
        let bench = try KubernetesBench.recorded()
        bench.cluster.change(.nodes, "node-a") { node in
            node.update("spec") { for entry in spec.entries { $0[entry.key] = entry.value } }
        }
        return bench
    }

    @Test func `a node is cordoned and uncordoned by every kind of patch`() async throws {
        let bench = try bench()
        try await bench.replay("30-node-get")
        try await bench.replay("31-node-cordon-strategic")
        try await bench.replay("31b-node-cordon-again-noop")
        try await bench.replay("31c-node-uncordon-strategic-null")
        try await bench.replay("31d-node-cordon-merge")
        try await bench.replay("31e-node-uncordon-merge-false")
        try await bench.replay("31f-node-cordon-json-patch")
        try await bench.replay("31g-node-json-patch-test-fails")
        try await bench.replay("31h-node-apply")
    }

    @Test func `repeating a cordon leaves the version as it is`() async throws {
        let bench = try bench()
        try await bench.replay("31-node-cordon-strategic")
        let version = bench.cluster.resourceVersion
        try await bench.replay("31b-node-cordon-again-noop")
        #expect(bench.cluster.resourceVersion == version)
    }

    @Test(arguments: [
        "32-node-stale-resourceVersion", "32b-node-uid-mismatch", "35-node-patch-missing",
        "35c-node-patch-wrong-content-type", "35d-node-patch-bad-json", "35e-node-put-stale",
    ])
    func `a change that does not fit is refused`(recording: String) async throws {
        try await bench().replay(recording)
    }

    @Test(arguments: ["33-node-taint-strategic", "33b-node-taint-merge"])
    func `taints are replaced whole`(recording: String) async throws {
        let other: KubernetesJSON = ["key": "b", "value": "1", "effect": "NoExecute"]
        try await bench(["unschedulable": true, "taints": [Self.taintA, other]]).replay(recording)
    }

    @Test func `a taint is appended where there are some, and refused where there are none`() async throws {
        try await bench(["unschedulable": true, "taints": [Self.taintA]]).replay("33c-node-taint-json-patch-append")
        try await bench().replay("33d-node-taint-json-patch-append-no-list")
    }

    @Test func `taints are unique by key and effect`() async throws {
        try await bench().replay("33e-node-taint-duplicate")
    }

    @Test func `labels and annotations come and go, and are checked`() async throws {
        let bench = try bench(["unschedulable": true])
        try await bench.replay("34-node-label-annotation")
        try await bench.replay("34b-node-label-invalid")
        try await bench.replay("34c-node-label-remove")
    }

    @Test func `a kubelet cordons itself`() async throws {
        try await bench().replay("52-node-cordons-itself", as: "CN=system:node:node-a,O=system:nodes")
    }

    @Test func `a PUT with the current version is taken`() async throws {
        let bench = KubernetesBench()
        var node = try #require(bench.cluster.object(.nodes, "node-a"))
        node.update("spec") { $0["unschedulable"] = true }
        #expect(await bench.send("PUT", "/api/v1/nodes/node-a", body: node.text).status == 200)
        #expect(bench.cluster.object(.nodes, "node-a")?["spec", "unschedulable"] == true)
        #expect(await bench.send("PUT", "/api/v1/nodes/node-a", body: node.text).status == 409)
    }

    @Test func `the status is changed through its subresource only`() async throws {
        let bench = KubernetesBench()
        let patch = #"{"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"Unknown"}]}}"#
        let type = "application/strategic-merge-patch+json"
        func condition() -> KubernetesJSON? {
            bench.cluster.object(.nodes, "node-a")?["status", "conditions"]?.array?.first?["status"]
        }
        _ = await bench.send("PATCH", "/api/v1/nodes/node-a/status", body: patch, type: type)
        #expect(condition() == "Unknown")
        #expect(bench.cluster.object(.nodes, "node-a")?["spec", "unschedulable"] == nil)
        #expect(bench.cluster.object(.nodes, "node-a")?["status", "conditions"]?.array?.count == 4)
        let back = patch.replacing("Unknown", with: "True")
        _ = await bench.send("PATCH", "/api/v1/nodes/node-a", body: back, type: type)
        #expect(condition() == "Unknown")
        #expect(bench.cluster.object(.nodes, "node-a")?["spec", "unschedulable"] == true)
    }

    @Test func `a cordoned node gets its taint a moment later, and loses it again`() async throws {
        let bench = KubernetesBench()
        func taints() -> String? {
            bench.cluster.object(.nodes, "node-a")?["spec", "taints"]?.array?.first?["key"]?.string
        }
        let type = "application/merge-patch+json"
        _ = await bench.send("PATCH", "/api/v1/nodes/node-a", body: #"{"spec":{"unschedulable":true}}"#, type: type)
        #expect(taints() == nil)
        bench.advance(by: .milliseconds(50))
        #expect(taints() == "node.kubernetes.io/unschedulable")
        _ = await bench.send("PATCH", "/api/v1/nodes/node-a", body: #"{"spec":{"unschedulable":null}}"#, type: type)
        bench.advance(by: .milliseconds(50))
        #expect(taints() == nil)
    }
}
