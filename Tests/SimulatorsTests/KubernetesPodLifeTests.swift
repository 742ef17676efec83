import Simulators
import Testing

/// How pods end, how they come back, and what budgets make of it: stories of minutes, told in virtual time.
@Suite struct KubernetesPodLifeTests {
    private func names(_ bench: KubernetesBench, on node: String) -> [String] {
        bench.cluster.pods(on: node).compactMap { $0["metadata", "name"]?.string }
    }

    @Test(arguments: [
        (PodBehaviour.Stop.after(.seconds(5)), 5), (.after(.seconds(50)), 30), (.whenKilled, 30),
    ])
    func `a pod ends by itself or is killed when its grace is over`(stop: PodBehaviour.Stop, seconds: Int) async {
        let bench = KubernetesBench()
        var template = PodTemplate()
        template.behaviour = PodBehaviour(stop: stop)
        bench.cluster.addPod("p", on: "node-a", template)
        _ = await bench.evict("p")
        bench.advance(by: .seconds(seconds) - .milliseconds(1))
        #expect(bench.cluster.object(.pods, "p", in: "default")?["status", "phase"] == "Running")
        bench.advance(by: .milliseconds(1))
        #expect(bench.cluster.object(.pods, "p", in: "default") == nil)
    }

    @Test func `a shorter grace kills it earlier`() async {
        let bench = KubernetesBench()
        var template = PodTemplate()
        template.behaviour = PodBehaviour(stop: .whenKilled)
        bench.cluster.addPod("p", on: "node-a", template)
        _ = await bench.evict("p")
        bench.advance(by: .seconds(2))
        _ = await bench.send("DELETE", "/api/v1/namespaces/default/pods/p", body: #"{"gracePeriodSeconds":5}"#)
        bench.advance(by: .seconds(3))
        #expect(names(bench, on: "node-a") == [])
    }

    @Test func `grace in the query counts as grace in the body`() async {
        let bench = KubernetesBench()
        bench.cluster.addPod("p", on: "node-a")
        let answer = await bench.send(
            "DELETE", "/api/v1/namespaces/default/pods/p", query: [(name: "gracePeriodSeconds", value: "7")])
        #expect(answer.json["metadata", "deletionGracePeriodSeconds"] == 7)
    }

    @Test func `a pod may never end`() async {
        let bench = KubernetesBench()
        var template = PodTemplate()
        template.behaviour = PodBehaviour(stop: .never)
        bench.cluster.addPod("p", on: "node-a", template)
        _ = await bench.evict("p")
        bench.advance(by: .seconds(3600))
        #expect(names(bench, on: "node-a") == ["p"])
    }

    @Test func `on a lost node nothing ends`() async {
        let bench = KubernetesBench { ClusterPreset.crowded(1, time: $0) }
        _ = await bench.evict("web-0")
        bench.cluster.lose(node: "node-a")
        bench.advance(by: .seconds(60))
        #expect(names(bench, on: "node-a") == ["web-0"])
    }

    @Test func `a finalizer holds the object after the containers have ended`() async {
        let bench = KubernetesBench()
        var template = PodTemplate()
        template.finalizers = ["example.com/hold"]
        bench.cluster.addPod("p", on: "node-a", template)
        _ = await bench.evict("p")
        bench.advance(by: .seconds(60))
        #expect(bench.cluster.object(.pods, "p", in: "default")?["status", "phase"] == "Succeeded")
        _ = await bench.send(
            "PATCH", "/api/v1/namespaces/default/pods/p", body: #"{"metadata":{"finalizers":null}}"#,
            type: "application/merge-patch+json")
        #expect(bench.cluster.object(.pods, "p", in: "default") == nil)
    }

    @Test func `a Job's pod that stops by itself succeeds and is let go`() async {
        let bench = KubernetesBench()
        var template = PodTemplate()
        template.behaviour = PodBehaviour(stop: .after(.seconds(3)))
        bench.cluster.add(ClusterWorkload(.job, "report", replicas: 1, template: template), on: ["node-a"])
        let name = names(bench, on: "node-a").first ?? ""
        _ = await bench.evict(name)
        bench.advance(by: .seconds(3))
        #expect(bench.cluster.object(.pods, name, in: "default")?["status", "phase"] == "Succeeded")
        bench.advance(by: .milliseconds(200))
        #expect(bench.cluster.object(.pods, name, in: "default") == nil)
        bench.advance(by: .seconds(9))
        #expect(bench.cluster.objects(.pods).isEmpty)
    }

    @Test func `a Job's pod that fails when it is stopped is tried again`() async {
        let bench = KubernetesBench()
        var template = PodTemplate()
        template.behaviour.exitsCleanly = false
        bench.cluster.add(ClusterWorkload(.job, "report", replicas: 1, template: template), on: ["node-a"])
        let name = names(bench, on: "node-a").first ?? ""
        _ = await bench.evict(name)
        bench.advance(by: .milliseconds(500))
        #expect(bench.cluster.object(.pods, name, in: "default")?["status", "phase"] == "Failed")
        bench.advance(by: .seconds(2))
        #expect(bench.cluster.object(.pods, name, in: "default") == nil)
        #expect(bench.cluster.objects(.pods).map { $0["status", "phase"] } == ["Running"])
    }

    @Test func `a pod may succeed without being told to stop`() {
        let bench = KubernetesBench()
        var template = PodTemplate()
        template.behaviour.completesAfter = .seconds(20)
        bench.cluster.addPod("p", on: "node-a", template)
        bench.advance(by: .seconds(20))
        #expect(bench.cluster.object(.pods, "p", in: "default")?["status", "phase"] == "Succeeded")
    }

    @Test func `a ReplicaSet's pod is replaced elsewhere, ready a while later`() async throws {
        let bench = KubernetesBench()
        bench.cluster.add(ClusterWorkload(.replicaSet, "web", replicas: 1, template: PodTemplate()), on: ["node-a"])
        _ = await bench.send(
            "PATCH", "/api/v1/nodes/node-a", body: #"{"spec":{"unschedulable":true}}"#,
            type: "application/merge-patch+json")
        _ = await bench.evict(names(bench, on: "node-a").first ?? "")
        bench.advance(by: .milliseconds(200))
        #expect(bench.cluster.pods(on: "node-b").first?["status", "phase"] == "Pending")
        bench.advance(by: .seconds(1))
        #expect(bench.cluster.pods(on: "node-b").first?["status", "phase"] == "Running")
        #expect(bench.cluster.objects(.pods).count == 1)
    }

    @Test func `a StatefulSet's pod comes back under its name when the old one is gone`() async throws {
        let bench = KubernetesBench()
        bench.cluster.add(ClusterWorkload(.statefulSet, "db", replicas: 1, template: PodTemplate()), on: ["node-a"])
        let old = try #require(bench.cluster.object(.pods, "db-0", in: "default")?["metadata", "uid"])
        _ = await bench.evict("db-0")
        bench.advance(by: .milliseconds(499))
        #expect(bench.cluster.object(.pods, "db-0", in: "default")?["metadata", "uid"] == old)
        bench.advance(by: .milliseconds(201))
        let new = try #require(bench.cluster.object(.pods, "db-0", in: "default"))
        #expect(new["metadata", "uid"] != old)
        #expect(new["spec", "nodeName"] == "node-b")
        #expect(new["metadata", "deletionTimestamp"] == nil)
    }

    @Test func `a DaemonSet's pod comes back on its node although that is cordoned`() async throws {
        let bench = KubernetesBench()
        bench.cluster.add(ClusterWorkload(.daemonSet, "ds", replicas: 1, template: PodTemplate()), on: ["node-a"])
        _ = await bench.send(
            "PATCH", "/api/v1/nodes/node-a", body: #"{"spec":{"unschedulable":true}}"#,
            type: "application/merge-patch+json")
        _ = await bench.evict(names(bench, on: "node-a").first ?? "")
        bench.advance(by: .seconds(3))
        #expect(bench.cluster.pods(on: "node-a").first?["status", "phase"] == "Running")
    }

    @Test func `without a schedulable node pods wait until there is one`() async {
        let bench = KubernetesBench()
        for node in ["node-a", "node-b"] {
            bench.cluster.change(.nodes, node) { $0.update("spec") { $0["unschedulable"] = true } }
        }
        _ = await bench.send(
            "POST", "/api/v1/namespaces/default/pods",
            body: #"{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x"}]}}"#)
        bench.advance(by: .seconds(9))
        #expect(bench.cluster.object(.pods, "p", in: "default")?["spec", "nodeName"] == nil)
        bench.cluster.change(.nodes, "node-b") { $0.update("spec") { $0["unschedulable"] = false } }
        bench.advance(by: .seconds(2))
        #expect(bench.cluster.object(.pods, "p", in: "default")?["status", "phase"] == "Running")
    }

    @Test func `a budget refuses until a replacement is ready`() async throws {
        let bench = KubernetesBench()
        let template = PodTemplate(labels: ["app": "web"])
        bench.cluster.add(ClusterWorkload(.replicaSet, "web", replicas: 3, template: template), on: ["node-a"])
        bench.cluster.addBudget("web", over: ["app": "web"], maxUnavailable: 1)
        let pods = names(bench, on: "node-a")
        #expect(await bench.evict(pods[0]).status == 201)
        let refused = await bench.evict(pods[1])
        #expect(refused.status == 429)
        #expect(refused.headers["Retry-After"] == nil)
        bench.advance(by: .seconds(1))
        #expect(await bench.evict(pods[1]).status == 429)
        bench.advance(by: .milliseconds(250))
        #expect(await bench.evict(pods[1]).status == 201)
    }

    @Test func `percentages are of what the workload wants`() async {
        let bench = KubernetesBench()
        let template = PodTemplate(labels: ["app": "web"])
        bench.cluster.add(ClusterWorkload(.replicaSet, "web", replicas: 10, template: template), on: ["node-a"])
        bench.cluster.addBudget("web", over: ["app": "web"], minAvailable: "75%")
        let budget = bench.cluster.object(.podDisruptionBudgets, "web", in: "default")
        #expect(budget?["status", "desiredHealthy"] == 8)
        #expect(budget?["status", "disruptionsAllowed"] == 2)
    }

    @Test func `a refused precondition costs the budget until the controller looks again`() async {
        let bench = KubernetesBench()
        for index in 0..<3 { bench.cluster.addPod("p\(index)", on: "node-a", PodTemplate(labels: ["app": "x"])) }
        bench.cluster.addBudget("x", over: ["app": "x"], minAvailable: 2)
        #expect(await bench.evict("p0", options: #"{"preconditions":{"uid":"other"}}"#).status == 409)
        #expect(await bench.evict("p1").status == 429)
        bench.advance(by: .seconds(121))
        #expect(await bench.evict("p1").status == 201)
    }

    @Test func `the demonstration empties what can be emptied in two minutes`() async throws {
        let bench = KubernetesBench { ClusterPreset.demo(time: $0) }
        let pods = bench.cluster.pods(on: "node-a")
        #expect(pods.count == 18)
        _ = await bench.send(
            "PATCH", "/api/v1/nodes/node-a", body: #"{"spec":{"unschedulable":true}}"#,
            type: "application/merge-patch+json")
        for _ in 0..<120 {
            for pod in bench.cluster.pods(on: "node-a") where pod["metadata", "deletionTimestamp"] == nil {
                let kind = pod["metadata", "ownerReferences"]?.array?.first?["kind"]
                if kind == "DaemonSet" || kind == "Node" { continue }
                let status = await bench.evict(
                    pod["metadata", "name"]?.string ?? "", in: pod["metadata", "namespace"]?.string ?? ""
                ).status
                #expect([201, 429].contains(status))
            }
            bench.advance(by: .seconds(1))
        }
        #expect(names(bench, on: "node-a") == ["etcd-proxy-node-a", names(bench, on: "node-a")[1], "slow"])
        #expect(bench.cluster.removals.contains { $0.status == 429 })
        let web = bench.cluster.pods(on: "node-b").filter { $0["metadata", "labels", "app"] == "web" }
        #expect(web.count == 6)
    }
}
