import TestSupport
import Testing
import Transport

@testable import Kubernetes

@Suite struct `What each call sends` {
    private let answers = ScriptedTransport { request in
        let url = request.url.reveal()
        return .success(
            url.hasSuffix("/version")
                ? .text(#"{"gitVersion":"v1.36.2"}"#, headers: ["Date": "Sat, 21 Nov 2026 00:08:24 GMT"])
                : url.hasSuffix("accessreviews")
                    ? .text(#"{"kind":"SelfSubjectAccessReview","status":{"allowed":true}}"#, status: 201)
                    : .text(#"{"kind":"Status","metadata":{"name":"n","uid":"u"},"status":{}}"#))
    }

    private func sent() throws -> String {
        let request = try #require(answers.requests.first)
        let body = request.body.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
        let target = request.url.reveal().dropFirst("https://api.test:6443".count)
        let type = request.headers["Content-Type"].map { " [\($0)]" } ?? ""
        return "\(request.method.rawValue) \(target)\(type)\(body)"
    }

    @Test func `an eviction names the uid, and no grace unless one is given`() async throws {
        try await client(answers).evict(podU, grace: nil, dryRun: false)
        #expect(
            try sent() == """
                POST /api/v1/namespaces/xch/pods/u/eviction [application/json] \
                {"apiVersion":"policy/v1","deleteOptions":{"preconditions":{"uid":"uid-u"}},\
                "kind":"Eviction","metadata":{"name":"u","namespace":"xch"}}
                """)
    }

    @Test(arguments: [(25, 25), (1, 1), (0, 1), (-5, 1)])
    func `a grace is sent as given, but never below 1`(_ asked: Int, _ sentGrace: Int) async throws {
        try await client(answers).evict(podU, grace: asked, dryRun: false)
        #expect(try sent().contains(#""gracePeriodSeconds":\#(sentGrace),"preconditions""#))
    }

    @Test func `a dry eviction says so in query and body`() async throws {
        try await client(answers).evict(podU, grace: nil, dryRun: true)
        #expect(try sent().contains("/eviction?dryRun=All"))
        #expect(try sent().contains(#""dryRun":["All"]"#))
    }

    @Test func `a deletion carries its options in the body`() async throws {
        try await client(answers).delete(podU, grace: 7, dryRun: true)
        #expect(
            try sent() == """
                DELETE /api/v1/namespaces/xch/pods/u [application/json] \
                {"apiVersion":"v1","dryRun":["All"],"gracePeriodSeconds":7,"kind":"DeleteOptions",\
                "preconditions":{"uid":"uid-u"}}
                """)
    }

    @Test func `a patch of a node has its form's media type`() async throws {
        _ = try await client(answers).patchNode(named: "n", Patch(.strategic, #"{"spec":{"unschedulable":true}}"#))
        #expect(
            try sent() == """
                PATCH /api/v1/nodes/n [application/strategic-merge-patch+json] {"spec":{"unschedulable":true}}
                """)
    }

    @Test func `status patches go to the status subresource`() async throws {
        try await client(answers).patchPodStatus(podU, Patch(.merge, "{}"))
        try await client(answers).patchNodeStatus(named: "n", Patch(.json, "[]"))
        let urls = answers.requests.map { $0.url.reveal().dropFirst("https://api.test:6443".count) }
        #expect(urls == ["/api/v1/namespaces/xch/pods/u/status", "/api/v1/nodes/n/status"])
    }

    @Test func `an event about a node is written in the namespace default`() async throws {
        try await client(answers).post(
            EventNote(
                subject: .node(name: "node-a", uid: "uid-n"), reason: "SpotInterruption", message: "m", isWarning: true,
                time: "2026-11-21T00:08:42Z", reportingInstance: "node-a"))
        #expect(
            try sent() == """
                POST /api/v1/namespaces/default/events [application/json] {"apiVersion":"v1","count":1,\
                "firstTimestamp":"2026-11-21T00:08:42Z","involvedObject":{"apiVersion":"v1","kind":"Node",\
                "name":"node-a","uid":"uid-n"},"kind":"Event","lastTimestamp":"2026-11-21T00:08:42Z","message":"m",\
                "metadata":{"generateName":"node-a.","namespace":"default"},"reason":"SpotInterruption",\
                "reportingComponent":"interruption-handler","reportingInstance":"node-a",\
                "source":{"component":"interruption-handler","host":"node-a"},"type":"Warning"}
                """)
    }

    @Test func `an event's message is cut to what the server takes`() async throws {
        try await client(answers).post(
            EventNote(
                subject: .pod(podU), reason: "r", message: String(repeating: "ü", count: 2000), isWarning: false,
                time: "t", reportingInstance: "n"))
        #expect(try sent().hasPrefix("POST /api/v1/namespaces/xch/events"))
        let letters = try sent().count { $0 == "ü" }
        #expect(letters == 510)
    }

    @Test func `an access question leaves out what it is not about`() async throws {
        let may = try await client(answers).may(
            AccessQuestion(verb: "create", resource: "pods", subresource: "eviction"))
        #expect(may)
        #expect(
            try sent() == """
                POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews [application/json] \
                {"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":\
                {"group":"","resource":"pods","subresource":"eviction","verb":"create"}}}
                """)
    }

    @Test func `the version comes with the server's date`() async throws {
        let version = try await client(answers).serverVersion()
        #expect(version == ServerVersion(gitVersion: "v1.36.2", date: "Sat, 21 Nov 2026 00:08:24 GMT"))
    }

    @Test func `names are percent-encoded, so that none can leave its path`() async throws {
        _ = try await client(answers).node(named: "a/../b?c=d é")
        #expect(try sent() == "GET /api/v1/nodes/a%2F..%2Fb%3Fc%3Dd%20%C3%A9")
    }

    @Test func `each request shares the connection, is bounded and shows who we are`() async throws {
        try await client(answers).evict(podU, grace: nil, dryRun: false)
        let request = try #require(answers.requests.first)
        #expect(request.connection == .multiplexed)
        #expect(request.timeout == .seconds(15))
        #expect(request.bodyLimit == 4 << 20)
        #expect(request.headers["Authorization"] == "Bearer t")
        #expect(request.headers["Accept"] == "application/json")
    }
}

@Suite struct `What each call makes of its answer` {
    @Test func `a recorded node is read`() async throws {
        let recording = try Recording.named("31-node-cordon-strategic")
        let node = try await client(ScriptedTransport { _ in .success(recording.answer) }).node(named: "node-a")
        #expect(node.name == "node-a" && node.uid == "dc4a1c1f-9784-4a90-a5ce-23dadc026c5f")
        #expect(node.isUnschedulable && node.isReady && node.taints == [] && node.bootID == "0")
        #expect(node.providerID == "aws:///eu-west-1a/i-0bb697ef2705e5b37")
        #expect(node.labels["topology.kubernetes.io/zone"] == "eu-west-1a")
    }

    @Test func `recorded taints are read`() async throws {
        let recording = try Recording.named("33-node-taint-strategic")
        let node = try await client(ScriptedTransport { _ in .success(recording.answer) }).node(named: "node-a")
        #expect(!node.taints.isEmpty)
    }

    @Test func `a recorded pod that is leaving is read`() async throws {
        let recording = try Recording.named("02-pod-terminating-get")
        let pod = try await client(ScriptedTransport { _ in .success(recording.answer) })
            .pod(named: "a", namespace: "xch")
        #expect(pod.reference.name == "a" && pod.reference.namespace == "xch" && !pod.reference.uid.isEmpty)
        #expect(pod.isTerminating && pod.deletionGracePeriod == .seconds(30) && pod.gracePeriod == .seconds(30))
        #expect(pod.labels.isEmpty && pod.annotations.isEmpty && pod.phase == "Running")
    }

    @Test(arguments: ["", "<html>welcome</html>", "[]", "{}"])
    func `a success that is not the API server's is no success`(_ body: String) async throws {
        let client = client(ScriptedTransport { _ in .success(.text(body)) })
        await #expect(throws: KubernetesError.self) { try await client.evict(podU, grace: nil, dryRun: false) }
        await #expect(throws: KubernetesError.self) { try await client.delete(podU, grace: nil, dryRun: false) }
        await #expect(throws: KubernetesError.self) { _ = try await client.node(named: "n") }
    }

    @Test func `no answer is told as the transport tells it`() async throws {
        let client = client(ScriptedTransport { _ in .failure(.timedOut(phase: .answering)) })
        await #expect(throws: KubernetesError.unanswered(.timedOut(phase: .answering))) {
            _ = try await client.node(named: "n")
        }
    }

    @Test func `an error about a body names what was expected and nothing of what was there`() async throws {
        let client = client(ScriptedTransport { _ in .success(.text(#"{"metadata":{"name":"s3cret"}}"#)) })
        await #expect(throws: KubernetesError.garbled(detail: "not Node: no uid at metadata")) {
            _ = try await client.node(named: "n")
        }
    }
}
