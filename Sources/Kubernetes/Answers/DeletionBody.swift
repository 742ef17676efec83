import JSON

/// `metav1.DeleteOptions`: how a pod leaves, and which one.
struct DeletionBody {
    /// Which pod: only that one, never another that took its name.
    private let uid: String
    /// Whole seconds, at least 1; `nil` for the pod's own.
    private let grace: Int?
    private let dryRun: Bool

    /// Options for `pod`. A grace below 1 becomes 1: grace 0 takes a pod's object away while it may still run.
    init(_ pod: PodReference, grace: Int?, dryRun: Bool) {
        uid = pod.uid
        self.grace = grace.map { max(1, $0) }
        self.dryRun = dryRun
    }

    /// The options as a body of their own.
    var alone: JSONValue { json(apiVersion: "v1", kind: "DeleteOptions") }

    /// The options inside an eviction, which says what they are.
    var inside: JSONValue { json(apiVersion: nil, kind: nil) }

    private func json(apiVersion: JSONValue?, kind: JSONValue?) -> JSONValue {
        [
            "apiVersion": apiVersion, "dryRun": dryRun ? .array(["All"]) : nil,
            "gracePeriodSeconds": grace.map { .int($0) }, "kind": kind, "preconditions": ["uid": .string(uid)],
        ]
    }
}

/// `policy/v1.Eviction`.
struct EvictionBody {
    /// The body.
    let json: JSONValue

    /// The eviction of `pod`; the body must repeat the URL's name, or the server answers 400.
    init(_ pod: PodReference, grace: Int?, dryRun: Bool) {
        json = [
            "apiVersion": "policy/v1", "deleteOptions": DeletionBody(pod, grace: grace, dryRun: dryRun).inside,
            "kind": "Eviction", "metadata": ["name": .string(pod.name), "namespace": .string(pod.namespace)],
        ]
    }
}
