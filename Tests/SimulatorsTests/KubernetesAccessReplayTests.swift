import Simulators
import Testing

/// Authentication, authorization and admission against what a real API server 1.36 answered.
@Suite struct KubernetesAccessReplayTests {
    @Test(arguments: [
        "23-evict-forbidden", "23b-list-pods-forbidden", "24-evict-bad-token", "24b-evict-anonymous",
        "35b-node-patch-forbidden",
    ])
    func `who may not is told so`(recording: String) async throws {
        let bench = try KubernetesBench.recorded()
        try bench.addRecordedPod("p")
        try await bench.replay(recording)
    }

    @Test func `a token bound to a pod outlives it by ten seconds`() async throws {
        let bench = try KubernetesBench.recorded()
        try bench.addRecordedPod("hp")
        let pod = try #require(bench.cluster.object(.pods, "hp", in: "xch")?["metadata", "uid"]?.string)
        var user = ClusterUser.serviceAccount(
            "xch", "handler", uid: "cd6ba329-8fa4-4a04-bc6f-6a76f68a868e", node: "node-a")
        let prefix = "authentication.kubernetes.io/"
        user.extra[prefix + "credential-id"] = ["JTI=d440fe2e-fb18-4418-ac9a-4d0285990189"]
        user.extra[prefix + "node-uid"] = ["dc4a1c1f-9784-4a90-a5ce-23dadc026c5f"]
        user.extra[prefix + "pod-name"] = ["hp"]
        user.extra[prefix + "pod-uid"] = [pod]
        bench.cluster.accept(token: "<token of ServiceAccount handler>", as: user, boundTo: pod)
        try await bench.replay("25-bound-token-works")
        try await bench.replay("25b-evict-own-pod")
        try await bench.replay("25c-bound-token-pod-terminating")
        bench.advance(by: .seconds(30))
        #expect(bench.cluster.object(.pods, "hp", in: "xch") == nil)
        bench.advance(by: .milliseconds(9_999))
        try await bench.replay("25c-bound-token-pod-terminating")
        bench.advance(by: .milliseconds(1))
        try await bench.replay("25d-bound-token-pod-gone")
    }

    @Test func `a kubelet touches its own node and pods only`() async throws {
        let bench = try KubernetesBench.recorded()
        let kubelet = "CN=system:node:node-a,O=system:nodes"
        try bench.addRecordedPod("l0")
        try bench.addRecordedPod("ob", node: "node-b")
        try await bench.replay("50-mirror-by-admin", as: "CN=admin,O=system:masters")
        try await bench.replay("50b-mirror-by-node", as: kubelet)
        try await bench.replay("50c-ordinary-pod-by-node", as: kubelet)
        try await bench.replay("52b-node-cordons-other", as: kubelet)
        try await bench.replay("52c-node-evicts-own", as: kubelet)
        try await bench.replay("52d-node-evicts-other", as: kubelet)
    }

    @Test(arguments: [
        "70-vap-06", "70-vap-08", "70-vap-09", "70-vap-13", "70-vap-14", "70-vap-15", "70-vap-16", "70-vap-21",
        "70-vap-23", "70-vap-24", "70-vap-28", "70-vap-29", "70-vap-30", "70-vap-31", "70-vap-32", "70-vap-33",
        "70-vap-34",
    ])
    func `policies hold a handler to its own node`(recording: String) async throws {
        let bench = try KubernetesBench.recorded()
        for (token, node) in [("handler-a/1", "node-a"), ("handler-b/1", "node-b"), ("handler-unbound/1", nil)] {
            bench.cluster.accept(token: "<\(token)>", as: .serviceAccount("vap", "handler", node: node))
        }
        bench.cluster.accept(token: "<vap-setup>", as: .serviceAccount("vap", "setup"))
        bench.cluster.configure { $0.ownNodePolicyUser = "system:serviceaccount:vap:handler" }
        for (pod, node) in [
            ("p-a0", "node-a"), ("p-a1", "node-a"), ("p-b0", "node-b"), ("p-b1", "node-b"), ("p-b2", "node-b"),
        ] {
            try bench.addRecordedPod(pod, in: "vap-apps", node: node)
        }
        try bench.addRecordedPod("handler-a", in: "vap", node: "node-a")
        try bench.addRecordedPod("handler-b", in: "vap", node: "node-b")
        try await bench.replay(recording)
    }

    @Test func `after a rotation both tokens work until the old one is refused`() async {
        let bench = KubernetesBench()
        bench.cluster.accept(token: "new", as: ClusterPreset.account)
        let new = [(name: "Authorization", value: "Bearer new")]
        #expect(await bench.send("GET", "/api/v1/nodes/node-a").status == 200)
        #expect(await bench.send("GET", "/api/v1/nodes/node-a", headers: new).status == 200)
        bench.cluster.refuse(token: ClusterPreset.token)
        #expect(await bench.send("GET", "/api/v1/nodes/node-a").status == 401)
        #expect(await bench.send("GET", "/api/v1/nodes/node-a", headers: new).status == 200)
    }

    @Test(arguments: [
        ("pods", "eviction", "create", true), ("pods", "", "delete", false), ("nodes", "", "patch", true),
    ])
    func `an access review says what a request would meet`(
        resource: String, subresource: String, verb: String, isAllowed: Bool
    ) async {
        let bench = KubernetesBench()
        bench.cluster.limit(
            user: ClusterPreset.account.name,
            to: [
                AccessRule(["create"], ["pods/eviction"]), AccessRule(["get", "patch"], ["nodes"], names: ["node-a"]),
            ])
        let answer = await bench.send(
            "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            body: """
                {"spec":{"resourceAttributes":{"verb":"\(verb)","resource":"\(resource)",\
                "subresource":"\(subresource)","name":"node-a"}}}
                """)
        #expect(answer.status == 201)
        #expect(answer.json["status", "allowed"] == .bool(isAllowed))
    }

    @Test func `a rules review lists what was granted`() async {
        let bench = KubernetesBench()
        bench.cluster.limit(
            user: ClusterPreset.account.name, to: [AccessRule(["create"], ["pods/eviction"], groups: [""])])
        let answer = await bench.send(
            "POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", body: #"{"spec":{"namespace":"default"}}"#)
        #expect(
            answer.json["status", "resourceRules"]?.text
                == #"[{"verbs":["create"],"apiGroups":[""],"resources":["pods/eviction"]}]"#)
    }
}
