public import Interruption
public import Kubernetes
import Synchronization

/// The volumes that are attached to a node, as its status says: what the attach-detach controller keeps there, not the kubelet, so it
/// comes true even where the kubelet is gone.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/#NodeStatus (volumesAttached)
public struct NodeVolumes: AttachedVolumes {
    /// Time for one look.
    private static let patience = Duration.seconds(2)

    private let nodeName: String
    private let api: any ClusterAPI

    /// The volumes of that node, by that API server.
    public init(of nodeName: String, in api: any ClusterAPI) {
        self.nodeName = nodeName
        self.api = api
    }

    /// Their names, as soon as they are others than `known`: by one look and one watch of the node. Throws `KubernetesError`, also when the
    /// server ends the watch.
    public func names(otherThan known: [String]?) async throws -> [String] {
        let node = try await api.node(named: nodeName)
        guard node.volumesAttached == known else { return node.volumesAttached }
        let (bell, news) = (Bell(), News())
        let answer = await racing(against: { await bell.wait() }) {
            await outcome { () throws(KubernetesError) in
                try await api.watchNode(named: nodeName, from: node.resourceVersion) { node in
                    guard node.volumesAttached != known else { return }
                    news.keep(node.volumesAttached)
                    bell.ring()
                }
            }
        }
        if let names = news.names { return names }
        try answer.get()
        throw KubernetesError.timedOut
    }

    private final class News: Sendable {
        private let state = Mutex<[String]?>(nil)

        var names: [String]? { state.withLock { $0 } }

        func keep(_ names: [String]) { state.withLock { $0 = names } }
    }

    /// How many there are; `nil` when that is not told soon.
    func count(on timeline: any Timeline) async -> Int? {
        let node = await bounded(by: NodeVolumes.patience, on: timeline) {
            await outcome { () throws(KubernetesError) in try await api.node(named: nodeName) }
        }
        return (try? node.get())?.volumesAttached.count
    }
}
