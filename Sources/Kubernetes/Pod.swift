/// A pod, as far as a drain reads it.
public struct Pod: Sendable, Hashable {
    /// Namespace, name and uid.
    public var reference: PodReference
    /// The node it runs on; `nil` while unscheduled.
    public var nodeName: String?
    /// The phase, such as `Running`.
    public var phase: String
    /// `spec.priority`.
    public var priority: Int
    /// `spec.terminationGracePeriodSeconds`; the API server's default is 30.
    public var gracePeriod: Duration
    /// `metadata.deletionTimestamp` as written (RFC 3339): the end of its grace, not the beginning.
    public var deletionTimestamp: String?
    /// `metadata.deletionGracePeriodSeconds`.
    public var deletionGracePeriod: Duration?
    /// The owner that controls it.
    public var controller: OwnerReference?
    /// Whether it is the mirror of a static pod (annotation `kubernetes.io/config.mirror`).
    public var isMirror: Bool
    /// The labels that a drain reads; others are not kept.
    public var labels: [String: String]
    /// The annotations that a drain reads; others are not kept.
    public var annotations: [String: String]
    /// `metadata.finalizers`.
    public var finalizers: [String]
    /// Whether a claim stands behind one of its volumes, which is then detached only when the pod is gone.
    public var hasAttachableVolumes: Bool

    /// Labels and annotations that are kept when a pod is decoded; all others are dropped to stay small.
    public static let keptKeys: Set<String> = [
        "cluster.x-k8s.io/drain",
        "karpenter.sh/do-not-disrupt",
        "cluster-autoscaler.kubernetes.io/safe-to-evict",
        "cluster-autoscaler.kubernetes.io/enable-ds-eviction",
        "interruption-handler.io/leave",
        "kubernetes.io/config.mirror",
    ]

    /// Whether it has run to its end (phase Succeeded or Failed).
    public var isFinished: Bool { phase == "Succeeded" || phase == "Failed" }
    /// Whether somebody asked it to leave.
    public var isTerminating: Bool { deletionTimestamp != nil }

    /// A pod from its parts.
    public init(
        reference: PodReference,
        nodeName: String?,
        phase: String = "Running",
        priority: Int = 0,
        gracePeriod: Duration = .seconds(30),
        deletionTimestamp: String? = nil,
        deletionGracePeriod: Duration? = nil,
        controller: OwnerReference? = nil,
        isMirror: Bool = false,
        labels: [String: String] = [:],
        annotations: [String: String] = [:],
        finalizers: [String] = [],
        hasAttachableVolumes: Bool = false
    ) {
        self.reference = reference
        self.nodeName = nodeName
        self.phase = phase
        self.priority = priority
        self.gracePeriod = gracePeriod
        self.deletionTimestamp = deletionTimestamp
        self.deletionGracePeriod = deletionGracePeriod
        self.controller = controller
        self.isMirror = isMirror
        self.labels = labels
        self.annotations = annotations
        self.finalizers = finalizers
        self.hasAttachableVolumes = hasAttachableVolumes
    }
}

/// Which pod, beyond doubt: a new pod of the same name has another uid.
public struct PodReference: Sendable, Hashable {
    /// The namespace.
    public var namespace: String
    /// The name.
    public var name: String
    /// The uid, sent as precondition with every evict and delete.
    public var uid: String

    /// A reference from its parts.
    public init(namespace: String, name: String, uid: String) {
        self.namespace = namespace
        self.name = name
        self.uid = uid
    }
}

/// The owner that controls a pod.
public struct OwnerReference: Sendable, Hashable {
    /// Such as `apps/v1`.
    public var apiVersion: String
    /// Such as `DaemonSet`.
    public var kind: String
    /// Its name.
    public var name: String

    /// An owner from its parts.
    public init(apiVersion: String, kind: String, name: String) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
    }
}

/// A consistent list of a node's pods, and where a watch can go on from.
public struct PodList: Sendable, Hashable {
    /// The pods.
    public var pods: [Pod]
    /// The list's `metadata.resourceVersion`.
    public var resourceVersion: String

    /// A list from its parts.
    public init(pods: [Pod], resourceVersion: String) {
        self.pods = pods
        self.resourceVersion = resourceVersion
    }
}

/// What a watch of pods says.
public enum PodWatchEvent: Sendable, Hashable {
    /// The pod is new or changed (`ADDED`, `MODIFIED`).
    case present(Pod, resourceVersion: String)
    /// The pod's object is gone (`DELETED`), or no longer matches the selector.
    case gone(PodReference, resourceVersion: String)
    /// Nothing happened up to there (`BOOKMARK`).
    case bookmark(resourceVersion: String)
}
