import Synchronization

/// A simulated Kubernetes cluster: its objects, its controllers, its kubelets and its whims.
///
/// Everything happens under one lock and in one order. Planned things (a pod ends, a budget is counted again) happen at
/// their own instants, as soon as anybody asks the cluster something; `run()` asks it regularly.
public final class KubernetesCluster: Sendable {
    /// The clock.
    public let time: any ClusterTime
    private let state: Mutex<ClusterState>

    /// An empty cluster; the same seed leads to the same names, UIDs and faults.
    ///
    /// - Parameters:
    ///   - time: The clock.
    ///   - seed: The seed of all that is left to chance.
    ///   - resourceVersion: The version of the last change before the first one here.
    ///   - historyLimit: About how many changes of each resource a watch may lag behind.
    public init(time: any ClusterTime, seed: UInt64 = 1, resourceVersion: Int = 1000, historyLimit: Int = 10_000) {
        self.time = time
        state = Mutex(
            ClusterState(now: time.now, seed: seed, resourceVersion: resourceVersion, historyLimit: historyLimit))
    }

    /// Lets planned things happen on time although nobody asks; returns when the task is cancelled.
    ///
    /// - Parameter resolution: How late they may be seen by watches.
    public func run(resolution: Duration = .milliseconds(5)) async {
        while !Task.isCancelled {
            settle()
            // Cancellation is the only error, and the loop's condition.
            try? await time.sleep(until: time.now + resolution)
        }
    }

    /// Lets everything happen that was planned up to now.
    public func settle() { withState { _ in } }

    /// Reads or changes the state, everything that is due having happened before and after.
    func withState<Value: Sendable, Failure: Error>(
        _ body: (inout ClusterState) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let now = time.now
        let (result, wakes) = state.withLock { state in
            state.settle(to: now)
            let result: Result<Value, Failure>
            do throws(Failure) { result = .success(try body(&state)) } catch { result = .failure(error) }
            state.settle(to: state.now)
            return (result, state.takeWakes())
        }
        for reader in wakes { reader.resume() }
        return try result.get()
    }

    // MARK: Reading

    /// How many requests of a kind arrived.
    public func count(_ verb: String, _ resource: String) -> Int {
        withState { $0.ledger.counts[RequestKind(verb, resource)] ?? 0 }
    }

    /// How many requests of each kind arrived.
    public var counts: [RequestKind: Int] { withState { $0.ledger.counts } }

    /// The requests that were answered, oldest first; the last 20,000 at least.
    public var requests: [RequestRecord] { withState { $0.ledger.requests } }

    /// The evictions and deletions of pods that were asked for, oldest first.
    public var removals: [RemovalRecord] { withState { $0.ledger.removals } }

    /// How often an eviction found its budget changed by another one, and slept.
    public var lostRaces: Int { withState { $0.ledger.lostRaces } }

    /// Forgets which requests were made.
    public func forgetRequests() { withState { $0.ledger.forget() } }

    /// An object; nil when there is none of that name.
    public func object(_ resource: KubernetesResource, _ name: String, in namespace: String = "") -> KubernetesJSON? {
        withState { $0.store[resource, ObjectKey(namespace, name)]?.document() }
    }

    /// All objects of a resource, by namespace and name.
    public func objects(_ resource: KubernetesResource) -> [KubernetesJSON] {
        withState { $0.store.list(resource, ObjectSelector()).map { $0.document() } }
    }

    /// The pods of a node, by namespace and name.
    public func pods(on node: String) -> [KubernetesJSON] {
        withState { state in
            state.store.list(.pods, ObjectSelector()).filter { $0.pod?.nodeName == node }.map { $0.document() }
        }
    }

    /// The version of the last change.
    public var resourceVersion: Int { withState { $0.store.resourceVersion } }

    /// How many watches are open.
    public var openWatches: Int { withState { $0.watches.values.count { !$0.isOver } } }
}
