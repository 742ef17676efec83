/// `metav1.DeleteOptions`: how a pod leaves, and which one.
struct DeletionBody: Encodable {
    /// What must hold.
    struct Preconditions: Encodable {
        /// The uid that the pod must have.
        var uid: String
    }

    /// `v1`; absent inside an eviction.
    var apiVersion: String?
    /// `DeleteOptions`; absent inside an eviction.
    var kind: String?
    /// Whole seconds, at least 1; absent for the pod's own.
    var gracePeriodSeconds: Int?
    /// Only that pod, never another one that took its name.
    var preconditions: Preconditions
    /// `["All"]` or absent.
    var dryRun: [String]?

    /// Options for `pod`. A grace below 1 becomes 1: grace 0 takes a pod's object away while it may still run.
    init(_ pod: PodReference, grace: Int?, dryRun: Bool) {
        gracePeriodSeconds = grace.map { max(1, $0) }
        preconditions = Preconditions(uid: pod.uid)
        self.dryRun = dryRun ? ["All"] : nil
    }

    /// The options as a body of their own.
    var alone: DeletionBody {
        var body = self
        body.apiVersion = "v1"
        body.kind = "DeleteOptions"
        return body
    }
}

/// `policy/v1.Eviction`.
struct EvictionBody: Encodable {
    /// Which pod; must repeat the URL, or the server answers 400.
    struct Metadata: Encodable {
        var name: String
        var namespace: String
    }

    let apiVersion = "policy/v1"
    let kind = "Eviction"
    /// Which pod.
    var metadata: Metadata
    /// How it leaves.
    var deleteOptions: DeletionBody

    /// The eviction of `pod`.
    init(_ pod: PodReference, grace: Int?, dryRun: Bool) {
        metadata = Metadata(name: pod.name, namespace: pod.namespace)
        deleteOptions = DeletionBody(pod, grace: grace, dryRun: dryRun)
    }
}
