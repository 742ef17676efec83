import Simulators
import Testing

/// Watches: what they say, where they begin, how they end.
@Suite struct KubernetesWatchTests {
    private func watch(
        _ bench: KubernetesBench, _ query: [(name: String, value: String)] = []
    ) async throws -> KubernetesWatchLines {
        let answer = await bench.send("GET", "/api/v1/pods", query: [(name: "watch", value: "true")] + query)
        #expect(answer.status == 200)
        return try KubernetesWatchLines(answer)
    }

    private func version(_ bench: KubernetesBench) -> (name: String, value: String) {
        (name: "resourceVersion", value: String(bench.cluster.resourceVersion))
    }

    @Test func `without a version it begins with what is there`() async throws {
        let bench = KubernetesBench { ClusterPreset.crowded(3, time: $0) }
        let lines = try await watch(bench)
        #expect(try await lines.next(3) == ["ADDED web-0", "ADDED web-1", "ADDED web-2"])
    }

    @Test func `an eviction is a condition, then a deletion, then the end`() async throws {
        let bench = KubernetesBench { ClusterPreset.crowded(2, time: $0) }
        let lines = try await watch(bench, [version(bench)])
        #expect(await bench.evict("web-0").status == 201)
        let condition = try #require(try await lines.next())
        #expect(condition["object", "metadata", "deletionTimestamp"] == nil)
        #expect(condition["object", "status", "conditions"]?.array?.last?["type"] == "DisruptionTarget")
        let deletion = try #require(try await lines.next())
        #expect(deletion["object", "metadata", "deletionGracePeriodSeconds"] == 30)
        bench.advance(by: .milliseconds(500))
        let end = try #require(try await lines.next())
        #expect(end["type"] == "DELETED")
        #expect(end["object", "metadata", "resourceVersion"] == .string(String(bench.cluster.resourceVersion)))
    }

    @Test func `what comes into view is added, what goes out of it deleted`() async throws {
        let bench = KubernetesBench()
        bench.cluster.addPod("stays", on: "node-a")
        bench.cluster.addPod("moves", on: "node-b")
        let query = [version(bench), (name: "fieldSelector", value: "spec.nodeName=node-a")]
        let lines = try await watch(bench, query)
        func move(_ pod: String, to node: String) {
            bench.cluster.change(.pods, pod, in: "default") { pod in
                pod.update("spec") { $0["nodeName"] = .string(node) }
            }
        }
        move("moves", to: "node-a")
        move("stays", to: "node-b")
        bench.cluster.setReady(false, pod: "stays", in: "default")
        bench.cluster.setReady(false, pod: "moves", in: "default")
        #expect(try await lines.next(3) == ["ADDED moves", "DELETED stays", "MODIFIED moves"])
    }

    @Test func `it goes on where a list ended`() async throws {
        let bench = KubernetesBench()
        bench.cluster.addPod("before", on: "node-a")
        let list = await bench.send("GET", "/api/v1/pods").json
        let version = try #require(list["metadata", "resourceVersion"]?.string)
        bench.cluster.addPod("between", on: "node-a")
        let lines = try await watch(bench, [(name: "resourceVersion", value: version)])
        #expect(try await lines.next(1) == ["ADDED between"])
    }

    @Test func `a version that is forgotten is an error in the stream`() async throws {
        let bench = KubernetesBench()
        bench.cluster.addPod("p", on: "node-a")
        bench.cluster.compact()
        let lines = try await watch(bench, [(name: "resourceVersion", value: "1")])
        let event = try #require(try await lines.next())
        #expect(event["type"] == "ERROR")
        #expect(event["object", "code"] == 410)
        #expect(event["object", "reason"] == "Expired")
        #expect(try await lines.next() == nil)
    }

    @Test func `a history that is full forgets the oldest changes`() async throws {
        let bench = KubernetesBench { time in
            let cluster = KubernetesCluster(time: time, historyLimit: 10)
            cluster.accept(token: ClusterPreset.token, as: ClusterPreset.account)
            return cluster
        }
        for index in 0..<20 { bench.cluster.addPod("p\(index)", on: nil) }
        let lines = try await watch(bench, [(name: "resourceVersion", value: "1003")])
        #expect(try await lines.next()?["object", "code"] == 410)
    }

    @Test func `open watches end with 410 on demand`() async throws {
        let bench = KubernetesBench()
        let lines = try await watch(bench, [version(bench)])
        bench.cluster.expireWatches()
        #expect(try await lines.next()?["object", "code"] == 410)
        #expect(try await lines.next() == nil)
    }

    @Test func `open watches end without a word on demand`() async throws {
        let bench = KubernetesBench()
        let lines = try await watch(bench, [version(bench)])
        bench.cluster.endWatches()
        #expect(try await lines.next() == nil)
    }

    @Test func `a watch ends when its time is over, bookmarks before`() async throws {
        let bench = KubernetesBench()
        let query = [
            version(bench), (name: "timeoutSeconds", value: "90"), (name: "allowWatchBookmarks", value: "true"),
        ]
        let lines = try await watch(bench, query)
        bench.advance(by: .seconds(60))
        let bookmark = try #require(try await lines.next())
        #expect(bookmark["type"] == "BOOKMARK")
        #expect(bookmark["object", "kind"] == "Pod")
        #expect(bookmark["object", "metadata", "resourceVersion"] == .string(String(bench.cluster.resourceVersion)))
        bench.advance(by: .seconds(30))
        #expect(try await lines.next() == nil)
        #expect(bench.cluster.openWatches == 0)
    }

    @Test func `the present objects can be asked for, with a mark behind them`() async throws {
        let bench = KubernetesBench { ClusterPreset.crowded(1, time: $0) }
        let query = ["sendInitialEvents", "allowWatchBookmarks"].map { (name: $0, value: "true") }
        let lines = try await watch(bench, query)
        #expect(try await lines.next(1) == ["ADDED web-0"])
        let mark = try #require(try await lines.next())
        #expect(mark["object", "metadata", "annotations"]?["k8s.io/initial-events-end"] == "true")
    }

    @Test func `held back events come later`() async throws {
        let bench = KubernetesBench()
        let lines = try await watch(bench, [version(bench)])
        bench.cluster.pauseWatches(true)
        bench.cluster.addPod("p", on: "node-a")
        async let line = lines.next(1)
        bench.cluster.pauseWatches(false)
        #expect(try await line == ["ADDED p"])
    }

    @Test func `a watch is over when its reader is cancelled`() async throws {
        let bench = KubernetesBench()
        let answer = await bench.send("GET", "/api/v1/pods", query: [(name: "watch", value: "1"), version(bench)])
        guard case .stream(let stream) = answer.response.body else { return #expect(Bool(false)) }
        let reading = Task { for await _ in stream {} }
        #expect(bench.cluster.openWatches == 1)
        reading.cancel()
        await reading.value
        #expect(bench.cluster.openWatches == 0)
    }

    @Test func `nodes are watched as well`() async throws {
        let bench = KubernetesBench()
        let query = [
            (name: "watch", value: "1"), version(bench), (name: "fieldSelector", value: "metadata.name=node-a"),
        ]
        let lines = try KubernetesWatchLines(await bench.send("GET", "/api/v1/nodes", query: query))
        _ = await bench.send(
            "PATCH", "/api/v1/nodes/node-a", body: #"{"spec":{"unschedulable":true}}"#,
            type: "application/merge-patch+json")
        let event = try #require(try await lines.next())
        #expect(event["object", "spec", "unschedulable"] == true)
    }
}
