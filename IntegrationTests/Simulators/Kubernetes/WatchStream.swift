/// The reader of one watch; when nobody holds it any more the watch is over.
private final class WatchReader: Sendable {
    private let cluster: KubernetesCluster
    private let id: Int
    private let format: AnswerFormat

    init(_ cluster: KubernetesCluster, _ request: WatchRequest, _ format: AnswerFormat) {
        self.cluster = cluster
        self.format = format
        id = cluster.withState { $0.openWatch(request) }
    }

    deinit { close() }

    /// The next lines; nil when the watch is over.
    func next() async -> [UInt8]? {
        while true {
            var news = WatchNews.nothing
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                news = cluster.withState { $0.read(id, waiting: continuation) }
                if case .nothing = news { return }
                continuation.resume()
            }
            switch news {
            case .over: return nil
            case .nothing: continue
            case .events(let events):
                if events.isEmpty { continue }
                var lines: [UInt8] = []
                for event in events { event.print(into: &lines, format) }
                return lines
            }
        }
    }

    func close() { cluster.withState { $0.endWatch(id) } }
}

extension KubernetesCluster {
    /// The lines of a watch; the stream ends with the watch, and the watch with the stream's reader.
    func stream(_ request: WatchRequest, _ format: AnswerFormat) -> AsyncStream<[UInt8]> {
        let reader = WatchReader(self, request, format)
        return AsyncStream {
            await reader.next()
        } onCancel: {
            reader.close()
        }
    }
}

extension WatchEvent {
    /// Appends the event as one line.
    func print(into output: inout [UInt8], _ format: AnswerFormat) {
        switch self {
        case .added(let object): Self.print("ADDED", format.document(object), into: &output)
        case .modified(let object): Self.print("MODIFIED", format.document(object), into: &output)
        case .deleted(let object, let version):
            let json = ObjectStore.stamped(object.json, version)
            let last = StoredObject(object.resource, object.key, version, json)
            Self.print("DELETED", format.document(last), into: &output)
        case .bookmark(let resource, let version, let endsInitial):
            Self.print("BOOKMARK", Self.bookmark(resource, version, endsInitial), into: &output)
        case .error(let status): Self.print("ERROR", status.json, into: &output)
        }
    }

    /// Appends a line of a watch.
    static func print(_ type: String, _ object: KubernetesJSON, into output: inout [UInt8]) {
        let event: KubernetesJSON = ["type": .string(type), "object": object]
        event.print(into: &output)
        output.append(UInt8(ascii: "\n"))
    }

    private static func bookmark(_ resource: KubernetesResource, _ version: Int, _ ends: Bool) -> KubernetesJSON {
        var metadata: KubernetesJSON.Members = ["resourceVersion": .string(String(version))]
        if ends { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
        var members: KubernetesJSON.Members = [
            "kind": .string(resource.kind), "apiVersion": .string(resource.apiVersion), "metadata": .object(metadata),
        ]
        switch resource {
        case .pods:
            members["spec"] = ["containers": .null]
            members["status"] = [:]
        case .events: break
        default:
            members["spec"] = [:]
            members["status"] = [:]
        }
        return .object(members)
    }
}
