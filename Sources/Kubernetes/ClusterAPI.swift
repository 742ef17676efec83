/// The API server as a few short, typed calls: one exchange each (a list: one per page), no decisions, no retries.
public protocol ClusterAPI: Sendable {
    /// Maps to `GET /api/v1/nodes/NAME`.
    func node(named name: String) async throws(KubernetesError) -> Node

    /// Maps to `PATCH /api/v1/nodes/NAME` and returns the node as it is then.
    func patchNode(named name: String, _ patch: Patch) async throws(KubernetesError) -> Node

    /// Maps to `PATCH /api/v1/nodes/NAME/status`, for conditions.
    func patchNodeStatus(named name: String, _ patch: Patch) async throws(KubernetesError)

    /// Maps to `GET /api/v1/pods?fieldSelector=spec.nodeName%3DNAME`, page after page; only the fields that we read are kept, item by item.
    func pods(onNode name: String) async throws(KubernetesError) -> PodList

    /// Maps to the same with `watch=true` from `resourceVersion`; tells `report` what happens, in order, until the server ends the watch
    /// (returns), the task is cancelled, or it breaks (throws; `expired` means: list again).
    func watchPods(
        onNode name: String, from resourceVersion: String, reporting report: @escaping @Sendable (PodWatchEvent) -> Void
    ) async throws(KubernetesError)

    /// Maps to `GET /api/v1/nodes?watch=true&fieldSelector=metadata.name%3DNAME` from `resourceVersion`; tells `report` of the node as it
    /// is after each change, and ends as `watchPods` does.
    func watchNode(
        named name: String, from resourceVersion: String, reporting report: @escaping @Sendable (Node) -> Void
    ) async throws(KubernetesError)

    /// Maps to `GET /api/v1/namespaces/NS/pods/NAME`.
    func pod(named name: String, namespace: String) async throws(KubernetesError) -> Pod

    /// Maps to `POST /api/v1/namespaces/NS/pods/NAME/eviction` with the uid as precondition; `grace` in whole seconds, at least 1, `nil` for
    /// the pod's own.
    func evict(_ pod: PodReference, grace: Int?, dryRun: Bool) async throws(KubernetesError)

    /// Maps to `DELETE /api/v1/namespaces/NS/pods/NAME` with the uid as precondition; `grace` as in `evict`.
    func delete(_ pod: PodReference, grace: Int?, dryRun: Bool) async throws(KubernetesError)

    /// Maps to `PATCH /api/v1/namespaces/NS/pods/NAME/status`, for the condition `DisruptionTarget`.
    func patchPodStatus(_ pod: PodReference, _ patch: Patch) async throws(KubernetesError)

    /// Maps to `POST /api/v1/namespaces/NS/events`.
    func post(_ event: EventNote) async throws(KubernetesError)

    /// Maps to `POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews`; whether we may.
    func may(_ access: AccessQuestion) async throws(KubernetesError) -> Bool

    /// Maps to `GET /version`; the server's version and the `Date` of its answer as written.
    func serverVersion() async throws(KubernetesError) -> ServerVersion
}

/// A change to an object, as JSON text.
public struct Patch: Sendable, Hashable {
    /// How the server reads it.
    public var form: Form
    /// JSON text.
    public var json: String

    /// The three forms of patch.
    public enum Form: String, Sendable, Hashable {
        /// RFC 7396.
        case merge = "application/merge-patch+json"
        /// Kubernetes' own, which merges some lists by key.
        case strategic = "application/strategic-merge-patch+json"
        /// RFC 6902.
        case json = "application/json-patch+json"
    }

    /// A patch from its parts.
    public init(_ form: Form, _ json: String) {
        self.form = form
        self.json = json
    }
}

/// A core/v1 Event to be written. Events about a Node live in the namespace `default`.
public struct EventNote: Sendable, Hashable {
    /// What the event is about.
    public enum Subject: Sendable, Hashable {
        /// A node, by name and uid.
        case node(name: String, uid: String)
        /// A pod.
        case pod(PodReference)
    }

    /// What it is about.
    public var subject: Subject
    /// CamelCase, such as `SpotInterruption`.
    public var reason: String
    /// For people; at most 1,024 bytes are kept.
    public var message: String
    /// `Warning` rather than `Normal`.
    public var isWarning: Bool
    /// When it happened, RFC 3339.
    public var time: String
    /// The component that reports, and the node it runs on.
    public var reportingInstance: String

    /// An event from its parts.
    public init(
        subject: Subject, reason: String, message: String, isWarning: Bool, time: String, reportingInstance: String
    ) {
        self.subject = subject
        self.reason = reason
        self.message = message
        self.isWarning = isWarning
        self.time = time
        self.reportingInstance = reportingInstance
    }
}

/// May we do this?
public struct AccessQuestion: Sendable, Hashable {
    /// Such as `create`.
    public var verb: String
    /// The API group, empty for core.
    public var group: String
    /// Such as `pods`.
    public var resource: String
    /// Such as `eviction`; `nil` for the resource itself.
    public var subresource: String?
    /// The object's name, when the question is about one.
    public var name: String?
    /// The namespace, `nil` for all.
    public var namespace: String?

    /// A question from its parts.
    public init(
        verb: String, group: String = "", resource: String, subresource: String? = nil, name: String? = nil,
        namespace: String? = nil
    ) {
        self.verb = verb
        self.group = group
        self.resource = resource
        self.subresource = subresource
        self.name = name
        self.namespace = namespace
    }
}

/// What `GET /version` says.
public struct ServerVersion: Sendable, Hashable {
    /// Such as `v1.36.2`.
    public var gitVersion: String
    /// The answer's `Date` header as written (RFC 9110), to tell a clock that is off.
    public var date: String?

    /// A version from its parts.
    public init(gitVersion: String, date: String?) {
        self.gitVersion = gitVersion
        self.date = date
    }
}
