public import Interruption
public import Kubernetes

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

    /// Their names; throws `KubernetesError`.
    public func names() async throws -> [String] {
        try await api.node(named: nodeName).volumesAttached
    }

    /// How many there are; `nil` when that is not told soon.
    func count(on timeline: any Timeline) async -> Int? {
        let node = await bounded(by: NodeVolumes.patience, on: timeline) {
            await outcome { () throws(KubernetesError) in try await api.node(named: nodeName) }
        }
        return (try? node.get())?.volumesAttached.count
    }
}
