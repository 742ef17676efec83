import TestSupport
import Testing
import Transport

@testable import Kubernetes

@Suite struct `Watching a node's pods` {
    private func line(_ type: String, _ object: String) -> String {
        #"{"type":"\#(type)","object":\#(object)}"# + "\n"
    }

    private func watch(_ answer: HTTPResponse) async -> (events: [PodWatchEvent], failure: KubernetesError?) {
        let events = Box<[PodWatchEvent]>([])
        let client = client(ScriptedTransport { _ in .success(answer) })
        do throws(KubernetesError) {
            try await client.watchPods(onNode: "n", from: "7") { event in events.change { $0.append(event) } }
            return (events.value, nil)
        } catch {
            return (events.value, error)
        }
    }

    @Test func `the watch begins at the version, asks for bookmarks and for an end`() async throws {
        let transport = ScriptedTransport { _ in .success(.text("")) }
        try await client(transport).watchPods(onNode: "n", from: "17313") { _ in }
        let request = try #require(transport.requests.first)
        #expect(
            request.url.reveal() == """
                https://api.test:6443/api/v1/pods?watch=true&allowWatchBookmarks=true\
                &fieldSelector=spec.nodeName%3Dn&resourceVersion=17313&timeoutSeconds=300
                """)
        #expect(request.timeout == .seconds(310))
    }

    @Test func `events are reported in order, unknown types are passed over`() async {
        let bookmark =
            #"{"kind":"Pod","metadata":{"resourceVersion":"12","creationTimestamp":null},"spec":{"containers":null}}"#
        let stream =
            line("ADDED", podJSON("a")) + line("MODIFIED", podJSON("a")) + line("SIGNAL", "5")
            + line("BOOKMARK", bookmark)
            + line("DELETED", podJSON("a"))
        let (events, failure) = await watch(.text(stream))
        let reference = PodReference(namespace: "ns", name: "a", uid: "uid-a")
        let pod = Pod(reference: reference, nodeName: "n")
        #expect(
            events == [
                .present(pod, resourceVersion: "7"), .present(pod, resourceVersion: "7"),
                .bookmark(resourceVersion: "12"),
                .gone(reference, resourceVersion: "7"),
            ])
        #expect(failure == nil)
    }

    @Test func `the stream may be cut at every byte`() throws {
        let bytes = Array((line("ADDED", podJSON("a", filler: #"é \"\n"#)) + line("DELETED", podJSON("b"))).utf8)
        for cut in bytes.indices {
            let count = Box(0)
            let sink = WatchSink(podLinesUpTo: 1 << 20) { _ in count.change { $0 += 1 } }
            #expect(sink.receive(Array(bytes[..<cut])) && sink.receive(Array(bytes[cut...])))
            try sink.finish()
            #expect(count.value == 2, "cut at \(cut)")
        }
    }

    @Test func `a stream that ends in the middle of an event is broken, not over`() async {
        let (events, failure) = await watch(.text(line("ADDED", podJSON("a")) + #"{"type":"DELETED","obj"#))
        #expect(events.count == 1)
        #expect(failure == .unanswered(.connectionLost(detail: "the watch ended in the middle of an event")))
    }

    @Test func `a version that is too old is told, as an event and as an answer`() async {
        let gone = statusJSON(410, "Expired", "too old resource version: 1 (2)")
        let (events, failure) = await watch(.text(line("ADDED", podJSON("a")) + line("ERROR", gone)))
        #expect(events.count == 1 && failure == .expired)
        #expect(await watch(.text(gone, status: 410)).failure == .expired)
    }

    @Test func `any other error ends the watch with its meaning`() async {
        let (_, failure) = await watch(.text(line("ERROR", statusJSON(500, "InternalError", "etcd"))))
        #expect(failure == .serverFailed(status: 500, message: "etcd", retryAfter: nil))
    }

    @Test func `a line that is no event ends the watch`() async {
        #expect(await watch(.text("<html>\n")).failure == .garbled(detail: "not WatchLine<Pod>: not JSON"))
    }

    @Test func `an event without end is refused`() {
        let sink = WatchSink(podLinesUpTo: 100) { _ in }
        #expect(!sink.receive([UInt8](repeating: 0x61, count: 101)))
        #expect(throws: KubernetesError.garbled(detail: "a watch event of more than the limit")) { try sink.finish() }
    }
}
