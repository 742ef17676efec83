import Kubernetes

extension OwnerReference {
    /// Whether it only replaces what is missing and never reads why a pod ended, so that the condition `DisruptionTarget` would
    /// have no reader: the controllers of `apps/v1` and `ReplicationController`. A Job's `podFailurePolicy` reads it
    /// (https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy), and so may any other.
    var onlyReplaces: Bool {
        switch (apiVersion, kind) {
        case ("apps/v1", "ReplicaSet"), ("apps/v1", "StatefulSet"), ("v1", "ReplicationController"): true
        default: false
        }
    }
}
