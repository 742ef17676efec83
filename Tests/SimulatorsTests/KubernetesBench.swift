import Simulators
import Testing

/// A simulated cluster with its API server and a clock that a test moves: the scene of most tests here.
struct KubernetesBench {
    let time = ManualClusterTime()
    let cluster: KubernetesCluster
    let service: KubernetesService

    /// A cluster built by the closure, or an empty one with `node-a` and `node-b`.
    init(_ build: ((any ClusterTime) -> KubernetesCluster)? = nil) {
        cluster = build?(time) ?? ClusterPreset.empty(time: time, nodes: ["node-a", "node-b"])
        service = KubernetesService(cluster: cluster)
    }

    /// The scene of the recordings: the recorded node, the namespaces, and the users under the tokens' placeholders.
    static func recorded() throws -> KubernetesBench {
        let bench = KubernetesBench { KubernetesCluster(time: $0, resourceVersion: 17000) }
        bench.cluster.configure {
            $0.taintDelay = nil
            $0.disruptionDelay = .zero
            $0.podBehaviour = PodBehaviour(stop: .whenKilled)
        }
        bench.cluster.insert(try KubernetesJSON(parsing: KubernetesRecording("30-node-get").body), as: .nodes)
        bench.cluster.add(ClusterNode("node-b"))
        for namespace in ["default", "xch", "xch-term", "vap", "vap-apps"] { bench.cluster.add(namespace: namespace) }
        let handler = ClusterUser.serviceAccount("xch", "handler")
        bench.cluster.accept(token: "<token of ServiceAccount handler>", as: handler)
        let nobody = ClusterUser.serviceAccount("xch", "nobody")
        bench.cluster.accept(token: "<token of ServiceAccount nobody>", as: nobody)
        bench.cluster.limit(user: nobody.name, to: [])
        return bench
    }

    /// Adds a pod as the recordings had them: a label `app`, running and ready.
    func addRecordedPod(
        _ name: String, in namespace: String = "xch", app: String? = nil, node: String = "node-a",
        _ change: (inout KubernetesJSON) -> Void = { _ in }
    ) throws {
        let list = try KubernetesJSON(parsing: KubernetesRecording("40-list-pods-by-node").body)
        var pod = try #require(list["items"]?.array?.first)
        pod.update("metadata") { metadata in
            for key in ["uid", "resourceVersion", "creationTimestamp", "managedFields"] { metadata[key] = nil }
            metadata["name"] = .string(name)
            metadata["namespace"] = .string(namespace)
            metadata.update("labels") { $0["app"] = .string(app ?? name) }
        }
        pod.update("spec") { $0["nodeName"] = .string(node) }
        change(&pod)
        cluster.insert(pod, as: .pods)
    }

    /// Sends a request with the preset's token.
    func send(
        _ method: String, _ path: String, query: [(name: String, value: String)] = [], body: String = "",
        type: String = "application/json", headers: [(name: String, value: String)] = []
    ) async -> KubernetesAnswer {
        var fields = headers
        if !fields.contains(where: { $0.name == "Authorization" }) {
            fields.append((name: "Authorization", value: "Bearer \(ClusterPreset.token)"))
        }
        if !body.isEmpty { fields.append((name: "Content-Type", value: type)) }
        return await send(
            LabRequest(method: method, path: path, query: query, headers: fields, body: Array(body.utf8)))
    }

    /// Sends a request as it is.
    func send(_ request: LabRequest) async -> KubernetesAnswer {
        KubernetesAnswer(await service.respond(to: request))
    }

    /// Evicts a pod.
    func evict(
        _ name: String, in namespace: String = "default", options: String? = nil
    ) async -> KubernetesAnswer {
        let extra = options.map { #", "deleteOptions": \#($0)"# } ?? ""
        return await send(
            "POST", "/api/v1/namespaces/\(namespace)/pods/\(name)/eviction",
            body: #"{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "\#(name)"}\#(extra)}"#)
    }

    /// Moves time and lets happen what was planned until then.
    func advance(by duration: Duration) {
        time.advance(by: duration)
        cluster.settle()
    }

    /// Sends what a recording sent and compares what comes back.
    func replay(_ name: String, as certificate: String? = nil, source: SourceLocation = #_sourceLocation) async throws {
        let recording = try KubernetesRecording(name)
        var request = recording.request
        if let certificate { request.headers.append((name: "x-lab-client-certificate", value: certificate)) }
        let answer = await send(request)
        #expect(answer.status == recording.status, "\(name)", sourceLocation: source)
        for field in ["Content-Type", "Retry-After", "Cache-Control", "X-Content-Type-Options"] {
            #expect(answer.headers[field] == recording.headers[field], "\(name): \(field)", sourceLocation: source)
        }
        #expect(answer.text.hasSuffix("\n"), "\(name)", sourceLocation: source)
        let body = try KubernetesRecording.normalized(answer.text)
        let expected = try recording.normalized()
        #expect(body == expected, "\(name)", sourceLocation: source)
    }
}

/// What the simulator answered.
struct KubernetesAnswer {
    let response: LabResponse

    init(_ response: LabResponse) { self.response = response }

    var status: Int { response.status }
    var headers: [String: String] {
        Dictionary(response.headers.map { ($0.name, $0.value) }) { first, _ in first }
    }
    var text: String {
        switch response.body {
        case .bytes(let bytes), .slow(let bytes, _), .truncated(let bytes, _): String(decoding: bytes, as: UTF8.self)
        case .stream: ""
        }
    }
    /// The body; null when it is no JSON.
    var json: KubernetesJSON { (try? KubernetesJSON(parsing: text)) ?? .null }
}

/// Reads the lines of a watch one after the other.
final class KubernetesWatchLines {
    private var iterator: AsyncStream<[UInt8]>.Iterator
    private var pending: [KubernetesJSON] = []

    init(_ answer: KubernetesAnswer) throws {
        guard case .stream(let stream) = answer.response.body else {
            throw KubernetesRecording.Failure.malformed("watch")
        }
        iterator = stream.makeAsyncIterator()
    }

    /// The next event; nil when the watch is over.
    func next() async throws -> KubernetesJSON? {
        while pending.isEmpty {
            guard let chunk = await iterator.next(isolation: #isolation) else { return nil }
            for line in String(decoding: chunk, as: UTF8.self).split(separator: "\n") {
                pending.append(try KubernetesJSON(parsing: String(line)))
            }
        }
        return pending.removeFirst()
    }

    /// The types and names of the next events, such as `ADDED web-0`.
    func next(_ count: Int) async throws -> [String] {
        var result: [String] = []
        while result.count < count, let event = try await next() {
            let name = event["object", "metadata", "name"]?.string ?? ""
            result.append(((event["type"]?.string ?? "") + " " + name).withoutOuterSpace)
        }
        return result
    }
}
