import Simulators
import Testing

/// Creating, changing and deleting objects beyond what was recorded.
@Suite struct KubernetesObjectTests {
    private static let strategic = "application/strategic-merge-patch+json"

    @Test func `a condition is added to a pod's status, the others stay`() async {
        let bench = KubernetesBench { ClusterPreset.crowded(1, time: $0) }
        let answer = await bench.send(
            "PATCH", "/api/v1/namespaces/default/pods/web-0/status",
            body: """
                {"metadata":{"name":"ignored"},"spec":{"nodeName":"node-b"},"status":{"conditions":[{"type":\
                "DisruptionTarget","status":"True","reason":"DeletionByInterruptionHandler","message":"m"}]}}
                """,
            type: Self.strategic)
        #expect(answer.status == 200)
        #expect(answer.json["status", "conditions"]?.array?.count == 6)
        #expect(answer.json["status", "conditions"]?.array?.last?["reason"] == "DeletionByInterruptionHandler")
        #expect(answer.json["spec", "nodeName"] == "node-a")
        #expect(answer.json["metadata", "name"] == "web-0")
    }

    @Test func `DELETE respects a pod's UID`() async throws {
        let bench = KubernetesBench { ClusterPreset.crowded(1, time: $0) }
        let path = "/api/v1/namespaces/default/pods/web-0"
        let wrong = await bench.send("DELETE", path, body: #"{"preconditions":{"uid":"other"}}"#)
        #expect(wrong.status == 409)
        #expect(wrong.json["details", "kind"] == "Pod")
        let uid = try #require(bench.cluster.object(.pods, "web-0", in: "default")?["metadata", "uid"]?.string)
        let right = await bench.send("DELETE", path, body: #"{"preconditions":{"uid":"\#(uid)"}}"#)
        #expect(right.status == 200)
        #expect(right.json["metadata", "deletionTimestamp"] != nil)
    }

    @Test func `DELETE may be a trial`() async {
        let bench = KubernetesBench { ClusterPreset.crowded(1, time: $0) }
        let version = bench.cluster.resourceVersion
        let query = [(name: "dryRun", value: "All")]
        #expect(await bench.send("DELETE", "/api/v1/namespaces/default/pods/web-0", query: query).status == 200)
        #expect(bench.cluster.resourceVersion == version)
    }

    @Test func `a node that is deleted is gone at once`() async {
        let bench = KubernetesBench()
        let answer = await bench.send("DELETE", "/api/v1/nodes/node-b")
        #expect(answer.json["status"] == "Success")
        #expect(answer.json["details", "kind"] == "nodes")
        #expect(await bench.send("GET", "/api/v1/nodes/node-b").status == 404)
    }

    @Test(arguments: [
        ("/api/v1/namespaces/nowhere/pods", #"{"metadata":{"name":"p"}}"#, 404),
        ("/api/v1/namespaces/default/pods", #"{"metadata":{"name":"web-0"}}"#, 409),
        ("/api/v1/namespaces/default/pods", #"{"metadata":{"name":"p","namespace":"other"}}"#, 400),
        ("/api/v1/namespaces/default/pods", #"{"metadata":{}}"#, 422), ("/api/v1/namespaces/default/pods", "{", 400),
        ("/api/v1/namespaces", #"{"metadata":{"name":"shop"}}"#, 201),
    ])
    func `an object is created or refused`(path: String, body: String, status: Int) async {
        let bench = KubernetesBench { ClusterPreset.crowded(1, time: $0) }
        #expect(await bench.send("POST", path, body: body).status == status)
    }

    @Test func `a new budget is counted a moment later`() async {
        let bench = KubernetesBench { ClusterPreset.crowded(1, time: $0) }
        let answer = await bench.send(
            "POST", "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
            body: #"{"metadata":{"name":"web"},"spec":{"minAvailable":0,"selector":{"matchLabels":{"app":"web"}}}}"#)
        #expect(answer.status == 201)
        #expect(await bench.evict("web-0").headers["Retry-After"] == "10")
        bench.advance(by: .milliseconds(50))
        #expect(await bench.evict("web-0").status == 201)
    }

    @Test func `all answers carry the headers of an API server`() async {
        let answer = await KubernetesBench().send("GET", "/api/v1/nodes/node-a")
        #expect(answer.headers["Audit-Id"]?.count == 36)
        #expect(answer.headers["Cache-Control"] == "no-cache, private")
        #expect(answer.headers["X-Kubernetes-Pf-Flowschema-Uid"] != nil)
    }

    @Test func `what was planned happens on time although nobody asks`() async throws {
        let bench = KubernetesBench { ClusterPreset.crowded(1, time: $0) }
        _ = await bench.evict("web-0")
        let version = String(bench.cluster.resourceVersion)
        let query = [(name: "watch", value: "1"), (name: "resourceVersion", value: version)]
        let lines = try KubernetesWatchLines(await bench.send("GET", "/api/v1/pods", query: query))
        let running = Task { await bench.cluster.run() }
        await bench.time.sleepers(atLeast: 1)
        bench.time.advance(by: .seconds(1))
        #expect(try await lines.next(1) == ["DELETED web-0"])
        running.cancel()
        await running.value
    }
}
