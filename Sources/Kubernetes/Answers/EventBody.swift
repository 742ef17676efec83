/// `core/v1.Event`, as it is written.
struct EventBody: Encodable {
    /// Where it is stored.
    struct Metadata: Encodable {
        /// The server appends five random characters; a trailing dot is fine in core/v1 (and refused by events.k8s.io).
        var generateName: String
        var namespace: String
    }

    /// What it is about.
    struct Subject: Encodable {
        var apiVersion = "v1"
        var kind: String
        var name: String
        var namespace: String?
        var uid: String
    }

    /// Who reports.
    struct Source: Encodable {
        var component: String
        var host: String
    }

    let apiVersion = "v1"
    let kind = "Event"
    /// Where it is stored.
    var metadata: Metadata
    var involvedObject: Subject
    var reason: String
    var message: String
    var type: String
    var source: Source
    var firstTimestamp: String
    var lastTimestamp: String
    var count = 1
    var reportingComponent: String
    var reportingInstance: String

    /// The event that `note` describes, reported by `component`.
    init(_ note: EventNote, component: String) {
        switch note.subject {
        case .node(let name, let uid):
            metadata = Metadata(generateName: name + ".", namespace: "default")
            involvedObject = Subject(kind: "Node", name: name, uid: uid)
        case .pod(let pod):
            metadata = Metadata(generateName: pod.name + ".", namespace: pod.namespace)
            involvedObject = Subject(kind: "Pod", name: pod.name, namespace: pod.namespace, uid: pod.uid)
        }
        reason = note.reason
        message = Self.bounded(note.message)
        type = note.isWarning ? "Warning" : "Normal"
        source = Source(component: component, host: note.reportingInstance)
        firstTimestamp = note.time
        lastTimestamp = note.time
        reportingComponent = component
        reportingInstance = note.reportingInstance
    }

    /// The server refuses messages of more than 1,024 bytes; cut between characters.
    private static func bounded(_ text: String) -> String {
        guard text.utf8.count > 1024 else { return text }
        var cut = ""
        var bytes = 0
        for character in text {
            bytes += character.utf8.count
            guard bytes <= 1021 else { break }
            cut.append(character)
        }
        return cut + "…"
    }
}
