import Interruption
import Kubernetes

/// In which turn a pod leaves.
public enum Tier: String, Sendable, Hashable, Comparable {
    /// At once.
    case ordinary
    /// When the ordinary ones are gone, or when its own time has come: others may need it until then (DNS, networking).
    case critical
    /// The same after both: a DaemonSet's pod that asks to be told before the node goes.
    case daemon

    /// Orders by turn.
    public static func < (left: Tier, right: Tier) -> Bool {
        left.turn < right.turn
    }

    private var turn: Int {
        switch self {
        case .ordinary: 0
        case .critical: 1
        case .daemon: 2
        }
    }
}

/// Whether a pod leaves.
enum Standing: Sendable, Hashable {
    /// It leaves in that turn; a wish of its own to stay counts until its own time has come.
    case leaves(Tier, wish: String?)
    /// It does not leave, and why, in words for people.
    case stays(because: String)
    /// It is of another node and none of our business.
    case elsewhere
}

/// Decides who leaves.
struct PodClassifier: Sendable {
    /// Priorities from here on are the system's: `system-cluster-critical` is 2,000,000,000
    /// (https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/).
    static let criticalPriority = 2_000_000_000

    /// With `true` a DaemonSet's pod is told before the node goes, as the cluster autoscaler does
    /// (https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md).
    static let saysGoodBye = "cluster-autoscaler.kubernetes.io/enable-ds-eviction"

    /// The node that is emptied.
    let nodeName: String
    /// Our own pod, which must live until the end.
    let ownPod: OwnPod?

    /// Where that pod stands.
    func standing(of pod: Pod) -> Standing {
        guard pod.nodeName == nodeName else { return .elsewhere }
        if pod.isMirror { return .stays(because: "static pod") }
        if let ownPod, ownPod.isSame(as: pod.reference) { return .stays(because: "our own pod") }
        if let controller = pod.controller, controller.kind == "DaemonSet" {
            let saysGoodBye = pod.annotations[Self.saysGoodBye] == "true" && !pod.isFinished
            return saysGoodBye ? .leaves(.daemon, wish: nil) : .stays(because: "DaemonSet \(controller.name)")
        }
        if pod.isFinished { return .stays(because: "finished (\(pod.phase))") }
        return .leaves(pod.priority >= Self.criticalPriority ? .critical : .ordinary, wish: wish(of: pod))
    }

    /// What in the pod asks not to be disturbed: its own wish, not the budget's.
    private func wish(of pod: Pod) -> String? {
        if let value = pod.labels["cluster.x-k8s.io/drain"], value == "skip" || value == "wait-completed" {
            return "cluster.x-k8s.io/drain: \(value)"
        }
        if pod.annotations["karpenter.sh/do-not-disrupt"] == "true" {
            return "karpenter.sh/do-not-disrupt: true"
        }
        if pod.annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"] == "false" {
            return "cluster-autoscaler.kubernetes.io/safe-to-evict: false"
        }
        return nil
    }
}

/// The pod that we run in.
public struct OwnPod: Sendable, Hashable {
    /// Its namespace.
    public var namespace: String
    /// Its name.
    public var name: String

    /// Our pod from its parts.
    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    func isSame(as reference: PodReference) -> Bool {
        reference.namespace == namespace && reference.name == name
    }
}
