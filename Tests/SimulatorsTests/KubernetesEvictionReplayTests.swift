import Simulators
import Testing

/// The eviction subresource against what a real API server 1.36 answered.
@Suite struct KubernetesEvictionReplayTests {
    @Test func `an eviction marks the pod, and later ones can only shorten its grace`() async throws {
        let bench = try KubernetesBench.recorded()
        try bench.addRecordedPod("a")
        try await bench.replay("01-evict-ok")
        try await bench.replay("02-pod-terminating-get")
        try await bench.replay("03-evict-already-terminating")
        try await bench.replay("04-evict-terminating-shorter-grace")
        try await bench.replay("04b-after-shorter-grace")
        let version = bench.cluster.resourceVersion
        try await bench.replay("04c-evict-terminating-longer-grace")
        #expect(bench.cluster.resourceVersion == version)
    }

    @Test func `a second eviction changes nothing`() async throws {
        let bench = try KubernetesBench.recorded()
        try bench.addRecordedPod("a")
        try await bench.replay("01-evict-ok")
        let version = bench.cluster.resourceVersion
        try await bench.replay("03-evict-already-terminating")
        #expect(bench.cluster.resourceVersion == version)
    }

    @Test func `a missing pod is 404`() async throws {
        try await KubernetesBench.recorded().replay("05-evict-missing-pod")
    }

    @Test func `a UID that does not fit is 409, one that fits is not`() async throws {
        let bench = try KubernetesBench.recorded()
        try bench.addRecordedPod("u")
        try await bench.replay("06-evict-uid-mismatch")
        let uid = try #require(bench.cluster.object(.pods, "u", in: "xch")?["metadata", "uid"]?.string)
        let answer = await bench.send(
            "POST", "/api/v1/namespaces/xch/pods/u/eviction",
            body: #"{"metadata":{"name":"u"},"deleteOptions":{"preconditions":{"uid":"\#(uid)"}}}"#,
            headers: [(name: "Authorization", value: "Bearer <token of ServiceAccount handler>")])
        #expect(answer.status == 201)
    }

    @Test func `grace 0 removes the object at once`() async throws {
        let bench = try KubernetesBench.recorded()
        try bench.addRecordedPod("g0")
        try await bench.replay("07-evict-grace-0")
        try await bench.replay("07b-get-after-grace-0")
    }

    @Test(arguments: [("08-evict-grace-minus-1", "gneg", 1), ("08b-evict-grace-longer-than-spec", "glong", 3600)])
    func `grace is taken as it is asked for`(recording: String, pod: String, grace: Int) async throws {
        let bench = try KubernetesBench.recorded()
        try bench.addRecordedPod(pod)
        try await bench.replay(recording)
        let stored = bench.cluster.object(.pods, pod, in: "xch")
        #expect(stored?["metadata", "deletionGracePeriodSeconds"] == .integer(grace))
    }

    @Test(arguments: [
        ("09-evict-v1beta1-body", "v1b"), ("10-evict-dryrun", "dry"), ("11-evict-name-mismatch", "nm"),
        ("11b-evict-empty-namespace-in-body", "nm"),
    ])
    func `bodies are taken or refused`(recording: String, pod: String) async throws {
        let bench = try KubernetesBench.recorded()
        try bench.addRecordedPod(pod)
        try await bench.replay(recording)
    }

    @Test func `a trial changes nothing`() async throws {
        let bench = try KubernetesBench.recorded()
        try bench.addRecordedPod("dry")
        let version = bench.cluster.resourceVersion
        try await bench.replay("10-evict-dryrun")
        #expect(bench.cluster.resourceVersion == version)
    }

    @Test func `a budget refuses, DELETE ignores it, and a terminating pod does not ask it`() async throws {
        let bench = try KubernetesBench.recorded()
        for pod in ["w0", "w1", "w2"] { try bench.addRecordedPod(pod, app: "w") }
        bench.cluster.addBudget("need3", in: "xch", over: ["app": "w"], minAvailable: 3)
        try await bench.replay("12-evict-pdb-blocks")
        try await bench.replay("12b-evict-pdb-blocks-dryrun")
        try await bench.replay("12c-pdb-get", as: "CN=admin,O=system:masters")
        try await bench.replay("13-delete-pod-ignores-pdb")
        try await bench.replay("14-evict-terminating-under-blocking-pdb")
        try await bench.replay("15-delete-again")
    }

    @Test func `a finished pod and one that never ran do not ask the budget`() async throws {
        let bench = try KubernetesBench.recorded()
        for pod in ["w0", "w1", "w2"] { try bench.addRecordedPod(pod, app: "w") }
        try bench.addRecordedPod("wdone", app: "w") { $0.update("status") { $0["phase"] = "Succeeded" } }
        try bench.addRecordedPod("wpend", app: "w") { $0.update("status") { $0["phase"] = "Pending" } }
        bench.cluster.addBudget("need3", in: "xch", over: ["app": "w"], minAvailable: 9)
        try await bench.replay("16-evict-succeeded-under-blocking-pdb")
        try await bench.replay("16b-get-after")
        try await bench.replay("17-evict-pending-under-blocking-pdb")
    }

    @Test func `an unready pod may go when the budget is met, or when it always may`() async throws {
        let bench = try KubernetesBench.recorded()
        for pod in ["w1", "w2", "wunready"] { try bench.addRecordedPod(pod, app: "w") }
        bench.cluster.setReady(false, pod: "wunready", in: "xch")
        bench.cluster.addBudget("need3", in: "xch", over: ["app": "w"], minAvailable: 3)
        try await bench.replay("18-evict-unready-IfHealthyBudget")
        bench.cluster.configure { $0.disruptionDelay = nil }
        bench.cluster.change(.podDisruptionBudgets, "need3", in: "xch") { budget in
            budget.update("metadata") { $0["generation"] = 2 }
            budget.update("spec") { $0["unhealthyPodEvictionPolicy"] = "AlwaysAllow" }
        }
        try await bench.replay("18b-evict-unready-pdb-just-changed")
        try await bench.replay("18c-evict-unready-AlwaysAllow")
    }

    @Test func `two budgets are a failure of the server`() async throws {
        let bench = try KubernetesBench.recorded()
        try bench.addRecordedPod("w1", app: "w")
        bench.cluster.addBudget("one", in: "xch", over: ["app": "w"], minAvailable: 0)
        bench.cluster.addBudget("two", in: "xch", over: ["app": "w"], minAvailable: 0)
        try await bench.replay("19-evict-two-pdbs")
    }

    @Test func `maxUnavailable over pods that nobody owns allows nothing`() async throws {
        let bench = try KubernetesBench.recorded()
        for pod in ["z0", "z1", "z2"] { try bench.addRecordedPod(pod, app: "z") }
        bench.cluster.addBudget("allow1", in: "xch", over: ["app": "z"], maxUnavailable: 1)
        try await bench.replay("20a-pdb-unmanaged", as: "CN=admin,O=system:masters")
        try await bench.replay("20-evict-pdb-unmanaged-pods")
    }

    @Test func `a budget with room for one lets one go`() async throws {
        let bench = try KubernetesBench.recorded()
        for pod in ["z0", "z1", "z2"] { try bench.addRecordedPod(pod, app: "z") }
        bench.cluster.addBudget("allow1b", in: "xch", over: ["app": "z"], minAvailable: 2)
        try await bench.replay("21-evict-pdb-allows-one")
        try await bench.replay("21b-evict-pdb-next")
    }

    @Test func `a budget that nobody counted yet says when to come back`() async throws {
        let bench = try KubernetesBench.recorded()
        try bench.addRecordedPod("q0", app: "q")
        bench.cluster.configure { $0.disruptionDelay = nil }
        bench.cluster.addBudget("unseen", in: "xch", over: ["app": "q"], minAvailable: 0)
        try await bench.replay("22-evict-pdb-not-processed")
    }

    @Test func `in a namespace that is deleted nothing is evicted, only deleted`() async throws {
        let bench = try KubernetesBench.recorded()
        try bench.addRecordedPod("t1", in: "xch-term")
        try bench.addRecordedPod("t2", in: "xch-term") { pod in
            pod.update("metadata") { metadata in
                metadata.update("annotations") { $0["x"] = "y" }
                metadata["finalizers"] = ["k8slab/hold"]
            }
        }
        bench.cluster.terminate(namespace: "xch-term")
        try await bench.replay("26-evict-in-terminating-namespace")
        try await bench.replay("26b-delete-in-terminating-namespace")
        try await bench.replay("26c-evict-terminating-pod-in-terminating-namespace")
        try await bench.replay("26d-event-in-terminating-namespace")
    }

    @Test func `a mirror pod's eviction is taken and means nothing`() async throws {
        let bench = try KubernetesBench.recorded()
        try await bench.replay("50b-mirror-by-node", as: "CN=system:node:node-a,O=system:nodes")
        let before = bench.cluster.object(.pods, "mir-node", in: "xch")?["metadata", "uid"]
        try await bench.replay("51-evict-mirror")
        bench.advance(by: .seconds(5))
        let after = try #require(bench.cluster.object(.pods, "mir-node", in: "xch"))
        #expect(after["metadata", "uid"] != before)
        #expect(after["spec", "nodeName"] == "node-a")
    }
}
