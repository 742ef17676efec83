/// How a client wants objects to be shown.
struct AnswerFormat: Sendable {
    private let asTable: Bool
    private let includesObjects: Bool
    private let time: any ClusterTime
    /// Whether events are shown in the words of events.k8s.io.
    private let hasNewEvents: Bool
    private let apiVersion: String?

    init(_ call: APICall, _ time: any ClusterTime) {
        self.time = time
        let accepted = call.request.header("Accept") ?? ""
        asTable = accepted.contains("as=Table")
        includesObjects = call.request.queryValue("includeObject") == "Object"
        hasNewEvents = call.group == "events.k8s.io"
        apiVersion = hasNewEvents ? "events.k8s.io/v1" : nil
    }

    /// One object, as it is answered or stands in a watch event.
    func document(_ object: StoredObject) -> KubernetesJSON {
        if asTable {
            let metadata: KubernetesJSON = ["resourceVersion": .string(String(object.resourceVersion))]
            return KubernetesTable.table(
                object.resource, [object], metadata: metadata, now: time.now, includesObjects: includesObjects)
        }
        let document = object.document(apiVersion: apiVersion)
        guard hasNewEvents, var members = EventObject.inNewWords(object.json).members else { return document }
        var result: KubernetesJSON.Members = ["kind": "Event", "apiVersion": "events.k8s.io/v1"]
        for entry in members.entries { result[entry.key] = entry.value }
        members = result
        return .object(members)
    }

    /// The answer that shows one object.
    func answer(_ status: Int, _ object: StoredObject) -> LabResponse {
        .json(status, document(object).text + "\n")
    }

    /// The answer to a deletion: the object if it may still be there, else only that it worked.
    func deletion(_ object: StoredObject) -> LabResponse {
        if object.resource == .pods || object.resource == .namespaces { return answer(200, object) }
        var details: KubernetesJSON.Members = ["name": .string(object.key.name)]
        if !object.resource.group.isEmpty { details["group"] = .string(object.resource.group) }
        details["kind"] = .string(object.resource.rawValue)
        details["uid"] = .string(object.uid)
        let status: KubernetesJSON = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "details": .object(details),
        ]
        return .json(200, status.text + "\n")
    }

    /// The answer that shows many.
    func list(_ resource: KubernetesResource, _ answer: ListAnswer) -> LabResponse {
        var metadata: KubernetesJSON.Members = ["resourceVersion": .string(String(answer.resourceVersion))]
        metadata["continue"] = answer.continueToken.map { .string($0) }
        metadata["remainingItemCount"] = answer.remaining.map { .integer($0) }
        if asTable {
            let table = KubernetesTable.table(
                resource, answer.objects, metadata: .object(metadata), now: time.now,
                includesObjects: includesObjects)
            return .json(200, table.text + "\n")
        }
        let head: KubernetesJSON = [
            "kind": .string(resource.kind + "List"), "apiVersion": .string(apiVersion ?? resource.apiVersion),
            "metadata": .object(metadata),
        ]
        var bytes = head.bytes
        bytes.removeLast()
        bytes.append(contentsOf: #","items":["#.utf8)
        for (index, object) in answer.objects.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            (hasNewEvents ? EventObject.inNewWords(object.json) : object.json).print(into: &bytes)
        }
        bytes.append(contentsOf: "]}\n".utf8)
        return LabResponse(
            status: 200, headers: [(name: "Content-Type", value: "application/json")], body: .bytes(bytes))
    }
}
