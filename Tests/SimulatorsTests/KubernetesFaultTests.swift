import Simulators
import Testing

/// What can be made to go wrong, and what the simulator remembers of requests.
@Suite struct KubernetesFaultTests {
    private func bench(_ fault: ClusterFault...) -> KubernetesBench {
        let bench = KubernetesBench { ClusterPreset.crowded(3, time: $0) }
        for fault in fault { bench.cluster.inject(fault) }
        return bench
    }

    @Test(arguments: [
        (ClusterFault.Effect.unauthorized, 401), (.forbidden, 403), (.notFound, 404), (.conflict, 409), (.gone, 410),
        (.budget("b", isProcessing: false), 429), (.internalError, 500), (.unavailable, 503), (.timeout, 504),
        (.webhookDenial("guard.example.com", code: 418, message: "no"), 418),
    ])
    func `a fault answers with a Status in the place of the server`(effect: ClusterFault.Effect, status: Int) async {
        let bench = bench(ClusterFault(effect, resource: "pods/eviction"))
        let answer = await bench.evict("web-0")
        #expect(answer.status == status)
        #expect(answer.json["code"] == .integer(status))
        #expect(bench.cluster.object(.pods, "web-0", in: "default")?["metadata", "deletionTimestamp"] == nil)
    }

    @Test(arguments: ["60-429-max-inflight", "61-429-apf"])
    func `flow control answers in plain text`(recording: String) async throws {
        try await bench(ClusterFault(.tooManyRequests(retryAfter: 1))).replay(recording)
    }

    @Test func `a fault hits as often as it is told, after as many as it lets pass`() async {
        let bench = bench(ClusterFault(.internalError, resource: "pods/eviction", skipping: 1, times: 1))
        var statuses: [Int] = []
        for pod in ["web-0", "web-1", "web-2"] { statuses.append(await bench.evict(pod).status) }
        #expect(statuses == [201, 500, 201])
    }

    @Test func `a fault hits one object only`() async {
        let bench = bench(ClusterFault(.forbidden, verb: "create", resource: "pods/eviction", name: "web-1"))
        #expect(await bench.evict("web-0").status == 201)
        #expect(await bench.evict("web-1").status == 403)
    }

    @Test func `chance is the same for the same seed`() async {
        var runs: [[Int]] = []
        for _ in 0..<2 {
            let bench = bench(ClusterFault(.internalError, verb: "get", probability: 0.5))
            var statuses: [Int] = []
            for _ in 0..<20 { statuses.append(await bench.send("GET", "/api/v1/nodes/node-a").status) }
            runs.append(statuses)
        }
        #expect(runs[0] == runs[1])
        #expect(Set(runs[0]) == [200, 500])
    }

    @Test func `an answer can be lost after the deed`() async {
        let bench = bench(ClusterFault(.lostAnswer, times: 1))
        let answer = await bench.evict("web-0")
        guard case .drop = answer.response.fate else { return #expect(Bool(false)) }
        #expect(bench.cluster.object(.pods, "web-0", in: "default")?["metadata", "deletionTimestamp"] != nil)
        #expect(bench.cluster.removals.first?.status == 201)
        #expect(bench.cluster.requests.first?.status == 0)
    }

    @Test func `an answer can be slow or cut off`() async {
        let bench = bench(
            ClusterFault(.slow(every: .seconds(1)), resource: "nodes"),
            ClusterFault(.truncated(after: 10), resource: "pods"))
        let slow = await bench.send("GET", "/api/v1/nodes")
        let cut = await bench.send("GET", "/api/v1/pods")
        guard case .slow(_, .seconds(1)) = slow.response.body else { return #expect(Bool(false)) }
        guard case .truncated(let bytes, let declared) = cut.response.body else { return #expect(Bool(false)) }
        #expect(bytes.count == 10)
        #expect(declared > 1000)
    }

    @Test func `a watch can be refused inside its stream`() async {
        let bench = bench(ClusterFault(.gone, verb: "watch"))
        let answer = await bench.send("GET", "/api/v1/pods", query: [(name: "watch", value: "1")])
        #expect(answer.status == 200)
        #expect(answer.json["type"] == "ERROR")
        #expect(answer.json["object", "code"] == 410)
    }

    @Test func `evictions wait for the tick, all for the same one`() async {
        let bench = KubernetesBench { ClusterPreset.crowded(3, time: $0) }
        bench.cluster.configure { $0.evictionLatency = .untilNextTick(.milliseconds(100)) }
        bench.advance(by: .milliseconds(30))
        async let first = bench.evict("web-0")
        async let second = bench.evict("web-1")
        await bench.time.sleepers(atLeast: 2)
        bench.advance(by: .milliseconds(69))
        #expect(bench.cluster.removals.isEmpty)
        bench.advance(by: .milliseconds(1))
        #expect(await [first.status, second.status] == [201, 201])
    }

    @Test func `more than the allowed number in flight is refused`() async {
        let bench = bench(ClusterFault(.delay(.seconds(1)), name: "web-0"))
        bench.cluster.configure { $0.maxInFlight = 1 }
        async let first = bench.evict("web-0")
        await bench.time.sleepers(atLeast: 1)
        #expect(await bench.evict("web-1").status == 429)
        bench.advance(by: .seconds(1))
        #expect(await first.status == 201)
        #expect(await bench.evict("web-1").status == 201)
    }

    @Test func `requests are counted and removals remembered`() async {
        let bench = KubernetesBench { ClusterPreset.crowded(2, time: $0) }
        _ = await bench.evict("web-0", options: #"{"gracePeriodSeconds":7,"preconditions":{"uid":"x"}}"#)
        _ = await bench.send("DELETE", "/api/v1/namespaces/default/pods/web-1", body: #"{"gracePeriodSeconds":3}"#)
        _ = await bench.send("GET", "/api/v1/pods")
        #expect(bench.cluster.count("create", "pods/eviction") == 1)
        #expect(bench.cluster.count("list", "pods") == 1)
        #expect(bench.cluster.removals.map(\.status) == [409, 200])
        #expect(bench.cluster.removals.map(\.grace) == [7, 3])
        #expect(bench.cluster.removals.map(\.demandedUID) == ["x", nil])
        #expect(bench.cluster.removals.map(\.node) == ["node-a", "node-a"])
        #expect(bench.cluster.requests.map(\.verb) == ["create", "delete", "list"])
    }

    @Test func `many evictions at once all count`() async {
        let bench = KubernetesBench { ClusterPreset.crowded(300, time: $0) }
        await withTaskGroup(of: Int.self) { group in
            for index in 0..<300 {
                let digits = String(index)
                let name = "web-" + String(repeating: "0", count: 3 - digits.count) + digits
                group.addTask { await bench.evict(name).status }
            }
            for await status in group { #expect(status == 201) }
        }
        bench.advance(by: .milliseconds(500))
        #expect(bench.cluster.pods(on: "node-a").isEmpty)
    }
}
