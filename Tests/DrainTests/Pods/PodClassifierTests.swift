import Interruption
import Kubernetes
import Testing

@testable import Drain

struct PodClassifierTests {
    let classifier = PodClassifier(nodeName: "node-a", ownPod: OwnPod(namespace: "kube-system", name: "handler"))

    static let cases: [(name: String, pod: Pod, standing: Standing)] = [
        ("an ordinary one", .sample("a"), .leaves(.ordinary, wish: nil)),
        ("one without a controller", .sample("a", controller: nil), .leaves(.ordinary, wish: nil)),
        ("a pending one", .sample("a", phase: "Pending"), .leaves(.ordinary, wish: nil)),
        ("one of a Job", .sample("a", controller: "Job"), .leaves(.ordinary, wish: nil)),
        ("one of a high priority", .sample("a", priority: 1_999_999_999), .leaves(.ordinary, wish: nil)),
        ("a system-critical one", .sample("a", priority: 2_000_000_000), .leaves(.critical, wish: nil)),
        ("a DaemonSet's", .sample("a", controller: "DaemonSet"), .stays(because: "DaemonSet owner")),
        ("our own", .sample("handler", namespace: "kube-system"), .stays(because: "our own pod")),
        ("our name elsewhere", .sample("handler", namespace: "web"), .leaves(.ordinary, wish: nil)),
        ("one that succeeded", .sample("a", phase: "Succeeded"), .stays(because: "finished (Succeeded)")),
        ("one that failed", .sample("a", phase: "Failed"), .stays(because: "finished (Failed)")),
        ("one of another node", .sample("a", node: "node-b"), .elsewhere),
        (
            "one to be skipped", .sample("a", labels: ["cluster.x-k8s.io/drain": "skip"]),
            .leaves(.ordinary, wish: "cluster.x-k8s.io/drain: skip")
        ),
        (
            "one not to be disrupted", .sample("a", annotations: ["karpenter.sh/do-not-disrupt": "true"]),
            .leaves(.ordinary, wish: "karpenter.sh/do-not-disrupt: true")
        ),
        (
            "one that is not safe to evict",
            .sample("a", annotations: ["cluster-autoscaler.kubernetes.io/safe-to-evict": "false"]),
            .leaves(.ordinary, wish: "cluster-autoscaler.kubernetes.io/safe-to-evict: false")
        ),
        (
            "one that is safe to evict",
            .sample("a", annotations: ["cluster-autoscaler.kubernetes.io/safe-to-evict": "true"]),
            .leaves(.ordinary, wish: nil)
        ),
    ]

    @Test(arguments: cases.indices) func `each kind of pod has its place`(index: Int) {
        let (name, pod, standing) = Self.cases[index]
        #expect(classifier.standing(of: pod) == standing, "\(name)")
    }

    @Test func `a static pod stays, whatever else it is`() {
        var pod = Pod.sample("a", priority: 2_000_001_000, controller: nil)
        pod.isMirror = true
        #expect(classifier.standing(of: pod) == .stays(because: "static pod"))
    }
}
