import TestSupport
import Testing
import Transport

@testable import Kubernetes

@Suite struct `Listing a node's pods` {
    private func query(_ request: HTTPRequest) -> String {
        String(request.url.reveal().drop { $0 != "?" })
    }

    @Test func `a recorded list is read`() async throws {
        let recording = try Recording.named("40-list-pods-by-node")
        let transport = ScriptedTransport { _ in .success(recording.answer) }
        let list = try await client(transport).pods(onNode: "node-a")
        #expect(list.resourceVersion == "17313")
        #expect(list.pods.map(\.reference.name) == ["l0", "l1", "l2"])
        #expect(list.pods.allSatisfy { $0.nodeName == "node-a" && $0.phase == "Running" && $0.priority == 0 })
        #expect(query(transport.requests[0]) == "?fieldSelector=spec.nodeName%3Dnode-a&limit=1000")
    }

    @Test func `pages are followed to the last, and the first page's version counts`() async throws {
        let transport = ScriptedTransport(answers: [
            .success(.text(listJSON([podJSON("a"), podJSON("b")], resourceVersion: "1", next: "x/y="))),
            .success(.text(listJSON([podJSON("c")], resourceVersion: "2"))),
        ])
        let list = try await client(transport).pods(onNode: "n")
        #expect(list.pods.map(\.reference.name) == ["a", "b", "c"])
        #expect(list.resourceVersion == "1")
        #expect(query(transport.requests[1]).hasSuffix("&limit=1000&continue=x%2Fy%3D"))
    }

    @Test func `a list that the server forgot in between is begun again, once`() async throws {
        let expired = HTTPResponse.text(statusJSON(410, "Expired"), status: 410)
        let first = HTTPResponse.text(listJSON([podJSON("a")], next: "x"))
        let transport = ScriptedTransport(answers: [
            .success(first), .success(expired), .success(.text(listJSON([podJSON("b")]))),
        ])
        #expect(try await client(transport).pods(onNode: "n").pods.map(\.reference.name) == ["b"])

        let stubborn = ScriptedTransport(answers: [
            .success(first), .success(expired), .success(first), .success(expired), .success(first),
        ])
        await #expect(throws: KubernetesError.expired) { try await client(stubborn).pods(onNode: "n") }
        #expect(stubborn.requests.count == 4)
    }

    @Test func `pages without end are an error, not a loop`() async throws {
        var limits = KubernetesClient.Limits()
        limits.pages = 3
        let transport = ScriptedTransport { _ in .success(.text(listJSON([], next: "x"))) }
        await #expect(throws: KubernetesError.garbled(detail: "a list of pods of more than 3 pages")) {
            try await client(transport, limits: limits).pods(onNode: "n")
        }
    }

    @Test(arguments: [
        (#"[{"name":"d","persistentVolumeClaim":{"claimName":"c"}}]"#, true),
        (#"[{"name":"s","emptyDir":{}},{"name":"d","ephemeral":{"volumeClaimTemplate":{"spec":{}}}}]"#, true),
        (#"[{"name":"s","emptyDir":{}},{"name":"t","projected":{"sources":[{"serviceAccountToken":{}}]}}]"#, false),
        ("[]", false), ("null", false),
    ])
    func `a pod with a claim behind a volume is told from others`(volumes: String, isAttachable: Bool) async throws {
        let pod = #"{"metadata":{"name":"a","namespace":"ns","uid":"u"},"spec":{"volumes":\#(volumes)}}"#
        let transport = ScriptedTransport { _ in .success(.text(listJSON([pod]))) }
        let list = try await client(transport).pods(onNode: "n")
        #expect(list.pods.map(\.hasAttachableVolumes) == [isAttachable])
    }

    @Test func `only the labels and annotations that a drain reads are kept`() async throws {
        let pod = """
            {"metadata":{"name":"a","namespace":"ns","uid":"u","labels":{"app":"x","cluster.x-k8s.io/drain":"skip"},\
            "annotations":{"big":"…","kubernetes.io/config.mirror":"h"},"finalizers":["f"],\
            "ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"no"},\
            {"apiVersion":"apps/v1","kind":"DaemonSet","name":"ds","controller":true}]},\
            "spec":{"priority":2000001000,"terminationGracePeriodSeconds":600},"status":{"phase":"Pending"}}
            """
        let transport = ScriptedTransport { _ in .success(.text(listJSON([pod]))) }
        let read = try #require(try await client(transport).pods(onNode: "n").pods.first)
        #expect(read.labels == ["cluster.x-k8s.io/drain": "skip"])
        #expect(read.annotations == ["kubernetes.io/config.mirror": "h"] && read.isMirror)
        #expect(read.controller == OwnerReference(apiVersion: "apps/v1", kind: "DaemonSet", name: "ds"))
        #expect(read.priority == 2_000_001_000 && read.gracePeriod == .seconds(600) && read.finalizers == ["f"])
    }

    @Test func `a refusal of the list is told like any other`() async throws {
        let recording = try Recording.named("23b-list-pods-forbidden")
        let client = client(ScriptedTransport { _ in .success(recording.answer) })
        await #expect(throws: KubernetesError.self) { try await client.pods(onNode: "n") }
    }

    @Test(arguments: [
        (#"{"kind":"PodList","metadata":{},"items":[]}"#, "a list without a resourceVersion"),
        (
            #"{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":{}}"#,
            "not ListEnvelope: another type at items"
        ),
        ("<html>", "a list: not a JSON object"), ("", "a list: it ends too early"),
    ])
    func `what is not a list of pods is refused`(_ body: String, _ detail: String) async throws {
        let client = client(ScriptedTransport { _ in .success(.text(body)) })
        await #expect(throws: KubernetesError.garbled(detail: detail)) { try await client.pods(onNode: "n") }
    }

    @Test func `a pod that cannot be read does not keep the others here`() async throws {
        let items = #"{"metadata":{}},{"metadata":{"name":"p","namespace":"ns","uid":"u"},"spec":{"nodeName":"n"}}"#
        let body = #"{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":[\#(items)]}"#
        let client = client(ScriptedTransport { _ in .success(.text(body)) })
        #expect(try await client.pods(onNode: "n").pods.map(\.reference.name) == ["p"])
    }

    @Test func `a page of large pods is read in small pieces`() throws {
        let sink = PodPageSink(itemLimit: 4 << 20)
        let filler = String(repeating: "x", count: 60 << 10)
        let bytes = Array(listJSON((0..<50).map { podJSON("p\($0)", filler: filler) }).utf8)
        for start in stride(from: 0, to: bytes.count, by: 16 << 10) {
            #expect(sink.receive(Array(bytes[start..<min(start + 16 << 10, bytes.count)])))
        }
        #expect(try sink.page().pods.count == 50)
    }
}
