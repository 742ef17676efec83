import Simulators
import Testing

/// Lists and Events against what a real API server 1.36 answered.
@Suite struct KubernetesListReplayTests {
    private func bench() throws -> KubernetesBench {
        let bench = try KubernetesBench.recorded()
        for pod in ["l0", "l1", "l2"] { try bench.addRecordedPod(pod) }
        try bench.addRecordedPod("elsewhere", node: "node-b")
        return bench
    }

    @Test(arguments: [
        "40-list-pods-by-node", "40b-list-pods-by-node-rv0-limit", "40c-list-pods-limit", "40d-list-bad-continue",
    ])
    func `a node's pods are listed`(recording: String) async throws { try await bench().replay(recording) }

    @Test func `the second page has the rest, as it was when the first one was asked for`() async throws {
        let bench = try bench()
        func page(_ query: [(name: String, value: String)]) async -> KubernetesAnswer {
            await bench.send(
                "GET", "/api/v1/pods", query: query + [(name: "limit", value: "2")],
                headers: [(name: "Authorization", value: "Bearer <token of ServiceAccount handler>")])
        }
        let first = await page([(name: "fieldSelector", value: "spec.nodeName=node-a")])
        let token = try #require(first.json["metadata", "continue"]?.string)
        bench.cluster.remove(.pods, "l2", in: "xch")
        let second = await page([
            (name: "fieldSelector", value: "spec.nodeName=node-a"), (name: "continue", value: token),
        ])
        #expect(second.json["items"]?.array?.map { $0["metadata", "name"] } == ["l2"])
        #expect(second.json["metadata"] == ["resourceVersion": first.json["metadata", "resourceVersion"] ?? ""])
    }

    @Test func `a list that took too long is expired and can go on inconsistently`() async throws {
        let bench = KubernetesBench()
        for index in 0..<3 { bench.cluster.addPod("p\(index)", on: "node-a") }
        let first = await bench.send("GET", "/api/v1/pods", query: [(name: "limit", value: "1")])
        #expect(first.json["metadata", "remainingItemCount"] == 2)
        let token = try #require(first.json["metadata", "continue"]?.string)
        bench.cluster.compact()
        let query = [(name: "limit", value: "1"), (name: "continue", value: token)]
        let expired = await bench.send("GET", "/api/v1/pods", query: query)
        #expect(expired.status == 410)
        #expect(expired.json["reason"] == "Expired")
        #expect(expired.json["metadata", "continue"]?.string != nil)
    }

    @Test(arguments: [
        ("spec.nodeName=node-a", ["p0", "p1"]), ("spec.nodeName==node-b", ["p2"]), ("spec.nodeName!=node-a", ["p2"]),
        ("metadata.name=p1", ["p1"]), ("spec.nodeName=node-a,metadata.name!=p1", ["p0"]),
        ("status.phase=Running", ["p0", "p1", "p2"]), ("status.phase!=Running", []), ("spec.nodeName=", []),
    ])
    func `fields select`(selector: String, names: [String]) async {
        let bench = KubernetesBench()
        for (pod, node) in [("p0", "node-a"), ("p1", "node-a"), ("p2", "node-b")] {
            bench.cluster.addPod(pod, on: node)
        }
        let answer = await bench.send("GET", "/api/v1/pods", query: [(name: "fieldSelector", value: selector)])
        #expect(answer.json["items"]?.array?.compactMap { $0["metadata", "name"]?.string } == names)
    }

    @Test(arguments: [
        ("app=web", ["p0"]), ("app==web", ["p0"]), ("app!=web", ["p1", "p2"]), ("app", ["p0", "p1"]), ("!app", ["p2"]),
    ])
    func `labels select`(selector: String, names: [String]) async {
        let bench = KubernetesBench()
        for (pod, labels) in [("p0", ["app": "web"]), ("p1", ["app": "db"]), ("p2", [:])] {
            bench.cluster.addPod(pod, on: "node-a", PodTemplate(labels: labels))
        }
        let path = "/api/v1/namespaces/default/pods"
        let answer = await bench.send("GET", path, query: [(name: "labelSelector", value: selector)])
        #expect(answer.json["items"]?.array?.compactMap { $0["metadata", "name"]?.string } == names)
    }

    @Test func `a field that cannot be selected is refused`() async {
        let query = [(name: "fieldSelector", value: "spec.color=red")]
        let answer = await KubernetesBench().send("GET", "/api/v1/pods", query: query)
        #expect(answer.status == 400)
        #expect(answer.json["message"] == "field label not supported: spec.color")
    }

    @Test(arguments: [
        "41-event-v1", "41b-event-v1-namespace-mismatch", "41c-event-new-api-trailing-dot", "41d-event-new-api",
    ])
    func `events are taken or refused`(recording: String) async throws { try await bench().replay(recording) }

    @Test func `an event is the same in both APIs`() async throws {
        let bench = try bench()
        try await bench.replay("41-event-v1")
        let token = [(name: "Authorization", value: "Bearer <token of ServiceAccount handler>")]
        let path = "/apis/events.k8s.io/v1/namespaces/default/events"
        let event = await bench.send("GET", path, headers: token).json["items"]?.array?.first
        #expect(event?["regarding", "name"] == "node-a")
        #expect(event?["note"] == "m")
        #expect(event?["deprecatedCount"] == 1)
    }

    @Test(arguments: [
        ("/api/v1/gadgets", 404), ("/apis/batch/v2/jobs", 404), ("/api/v1/nodes/nope", 404), ("/nothing", 404),
        ("/livez", 200), ("/readyz", 200), ("/version", 200), ("/api", 200), ("/apis", 200), ("/api/v1", 200),
        ("/apis/policy/v1", 200), ("/apis/apps/v1", 200),
    ])
    func `paths lead somewhere or nowhere`(path: String, status: Int) async {
        #expect(await KubernetesBench().send("GET", path).status == status)
    }

    @Test func `discovery offers eviction in policy v1`() async throws {
        let resources = await KubernetesBench().send("GET", "/api/v1").json["resources"]?.array
        let eviction = try #require(resources?.first { $0["name"] == "pods/eviction" })
        #expect([eviction["group"], eviction["version"], eviction["kind"]] == ["policy", "v1", "Eviction"])
    }

    @Test func `what controllers own can be read and not written`() async {
        let bench = KubernetesBench { ClusterPreset.demo(time: $0) }
        let path = "/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy"
        #expect(await bench.send("GET", path).json["kind"] == "DaemonSet")
        #expect(await bench.send("DELETE", path).status == 405)
    }

    @Test func `kubectl gets the rows that it prints`() async {
        let bench = KubernetesBench()
        bench.cluster.addPod("p0", on: "node-a")
        bench.advance(by: .seconds(75))
        let accept = [(name: "Accept", value: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")]
        let table = await bench.send("GET", "/api/v1/pods", headers: accept).json
        #expect(table["kind"] == "Table")
        let cells = table["rows"]?.array?.first?["cells"]?.array?.prefix(7)
        #expect(cells == ["p0", "1/1", "Running", "0", "75s", "10.0.0.1", "node-a"])
    }
}
