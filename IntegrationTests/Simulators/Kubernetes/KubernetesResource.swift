/// The kinds of objects that the simulator stores.
public enum KubernetesResource: String, Sendable, CaseIterable {
    /// Nodes, of the whole cluster.
    case nodes
    /// Pods.
    case pods
    /// Namespaces.
    case namespaces
    /// Events; `events.k8s.io` shows the same objects in other words.
    case events
    /// PodDisruptionBudgets.
    case podDisruptionBudgets = "poddisruptionbudgets"
    /// DaemonSets; written by the builder, read by clients.
    case daemonSets = "daemonsets"
    /// Deployments; written by the builder, read by clients.
    case deployments
    /// ReplicaSets; written by the builder, read by clients.
    case replicaSets = "replicasets"
    /// StatefulSets; written by the builder, read by clients.
    case statefulSets = "statefulsets"
    /// Jobs; written by the builder, read by clients.
    case jobs

    /// The kind's name in objects.
    public var kind: String {
        switch self {
        case .nodes: "Node"
        case .pods: "Pod"
        case .namespaces: "Namespace"
        case .events: "Event"
        case .podDisruptionBudgets: "PodDisruptionBudget"
        case .daemonSets: "DaemonSet"
        case .deployments: "Deployment"
        case .replicaSets: "ReplicaSet"
        case .statefulSets: "StatefulSet"
        case .jobs: "Job"
        }
    }

    /// The API group; empty for the core.
    public var group: String {
        switch self {
        case .nodes, .pods, .namespaces, .events: ""
        case .podDisruptionBudgets: "policy"
        case .daemonSets, .deployments, .replicaSets, .statefulSets: "apps"
        case .jobs: "batch"
        }
    }

    /// Group and version as objects name them.
    public var apiVersion: String { group.isEmpty ? "v1" : group + "/v1" }

    /// Whether the objects live in namespaces.
    public var isNamespaced: Bool { self != .nodes && self != .namespaces }

    /// Whether clients may write them; the others are stand-ins for what controllers own.
    var isWritable: Bool { group != "apps" && group != "batch" }

    /// The names that kubectl accepts for short.
    var shortNames: [String] {
        switch self {
        case .nodes: ["no"]
        case .pods: ["po"]
        case .namespaces: ["ns"]
        case .events: ["ev"]
        case .podDisruptionBudgets: ["pdb"]
        case .daemonSets: ["ds"]
        case .deployments: ["deploy"]
        case .replicaSets: ["rs"]
        case .statefulSets: ["sts"]
        case .jobs: []
        }
    }

    /// The resource as error messages name it, with its group.
    var qualified: String { group.isEmpty ? rawValue : rawValue + "." + group }
}

/// Where an object is found within its resource.
public struct ObjectKey: Sendable, Hashable, Comparable {
    /// The namespace; empty for objects of the whole cluster.
    public let namespace: String
    /// The name.
    public let name: String

    /// A key; the namespace is empty for objects of the whole cluster.
    public init(_ namespace: String, _ name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// The order of etcd, in which lists are answered.
    public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        (left.namespace, left.name) < (right.namespace, right.name)
    }
}
