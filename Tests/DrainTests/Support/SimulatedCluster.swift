import Interruption
import Kubernetes
import Synchronization
import TestSupport
import Transport

@testable import Drain

/// An API server, its budgets and a kubelet in memory, in virtual time.
final class SimulatedCluster: ClusterAPI {
    /// What was asked.
    enum Call: Sendable, Hashable {
        case readNode, watchNode, list, watch, readPod, ask
        case patchNode(Patch)
        case patchNodeStatus(Patch)
        case evict(PodReference, grace: Int?)
        case tryEviction(PodReference)
        case delete(PodReference, grace: Int?)
        case patchPodStatus(PodReference, Patch)
        case post(EventNote)
    }

    /// What goes wrong with a call.
    enum Fault: Sendable {
        case fails(KubernetesError)
        /// It is done, and the answer is lost.
        case doneButLost
        /// Nothing is answered until the caller gives up.
        case hangs
    }

    /// When a budget lets pods go.
    enum Budget: Sendable {
        case refuses(retryAfter: Duration?)
        /// So many of its pods may be terminating at once.
        case allows(Int)
    }

    struct State {
        var node = Node(name: "node-a", uid: "node-uid", resourceVersion: "1", bootID: "boot-1")
        var conditions: [String: String] = [:]
        var pods: [String: SimulatedPod] = [:]
        var budgets: [String: Budget] = [:]
        var version = 1
        var history: [(version: Int, event: PodWatchEvent)] = []
        var calls: [(at: Moment, call: Call)] = []
        var bells: [Int: Bell] = [:]
        var nextBell = 0
        var inFlight = 0
        var mostInFlight = 0
        var gone: [(uid: String, at: Moment)] = []
    }

    let state = Mutex(State())
    let timeline: ManualTimeline
    /// How long an answer takes.
    let latency: Duration
    /// What goes wrong, asked before each call.
    private let fault: @Sendable (Call, Moment) -> Fault?
    /// How long a watch lasts until the server ends it, and how.
    private let watchEnd: (after: Duration, error: KubernetesError?)?

    init(
        _ timeline: ManualTimeline, latency: Duration = .milliseconds(10),
        watchEnd: (after: Duration, error: KubernetesError?)? = nil,
        fault: @escaping @Sendable (Call, Moment) -> Fault? = { _, _ in nil }
    ) {
        self.timeline = timeline
        self.latency = latency
        self.watchEnd = watchEnd
        self.fault = fault
    }

    // MARK: ClusterAPI

    func node(named name: String) async throws(KubernetesError) -> Node {
        try await exchange(.readNode) { state in .success(state.node) }
    }

    func patchNode(named name: String, _ patch: Patch) async throws(KubernetesError) -> Node {
        try await exchange(.patchNode(patch)) { state in state.merge(patch) }
    }

    func patchNodeStatus(named name: String, _ patch: Patch) async throws(KubernetesError) {
        try await exchange(.patchNodeStatus(patch)) { state in state.mergeConditions(patch) }
    }

    func pods(onNode name: String) async throws(KubernetesError) -> PodList {
        try await exchange(.list) { state in
            .success(
                PodList(
                    pods: state.pods.values.map(\.pod).filter { $0.nodeName == name }
                        .sorted { $0.reference.name < $1.reference.name },
                    resourceVersion: String(state.version)))
        }
    }

    func pod(named name: String, namespace: String) async throws(KubernetesError) -> Pod {
        try await exchange(.readPod) { state in
            guard let pod = state.pod(named: name, namespace) else { return .failure(.notFound) }
            return .success(pod)
        }
    }

    func evict(_ pod: PodReference, grace: Int?, dryRun: Bool) async throws(KubernetesError) {
        let call = dryRun ? Call.tryEviction(pod) : Call.evict(pod, grace: grace)
        let clock = timeline
        try await exchange(call) { (state: inout State) -> Result<Void, KubernetesError> in
            state.evict(pod, grace: grace, dryRun: dryRun, at: clock.now)
        }
    }

    func delete(_ pod: PodReference, grace: Int?, dryRun: Bool) async throws(KubernetesError) {
        let clock = timeline
        try await exchange(.delete(pod, grace: grace)) { state in state.delete(pod, grace: grace, at: clock.now) }
    }

    func patchPodStatus(_ pod: PodReference, _ patch: Patch) async throws(KubernetesError) {
        try await exchange(.patchPodStatus(pod, patch)) { state -> Result<Void, KubernetesError> in
            guard state.pods[pod.uid] != nil else { return .failure(.notFound) }
            state.pods[pod.uid]?.isNoted = true
            return .success(())
        }
    }

    func post(_ event: EventNote) async throws(KubernetesError) {
        try await exchange(.post(event)) { _ in .success(()) }
    }

    func may(_ access: AccessQuestion) async throws(KubernetesError) -> Bool {
        try await exchange(.ask) { _ in .success(true) }
    }

    func serverVersion() async throws(KubernetesError) -> ServerVersion {
        try await exchange(.ask) { _ in .success(ServerVersion(gitVersion: "v1.36.0", date: nil)) }
    }

    func watchNode(
        named name: String, from resourceVersion: String, reporting report: @escaping @Sendable (Node) -> Void
    ) async throws(KubernetesError) {
        try await exchange(.watchNode) { _ in .success(()) }
        let (id, bell) = addBell()
        defer { state.withLock { $0.bells[id] = nil } }
        var position = resourceVersion
        while !Task.isCancelled {
            let node = node
            if node.resourceVersion != position { report(node) }
            position = node.resourceVersion
            await bell.wait()
        }
        throw .unanswered(.cancelled)
    }

    private func addBell() -> (id: Int, bell: Bell) {
        let bell = Bell()
        return state.withLock { state in
            state.nextBell += 1
            state.bells[state.nextBell] = bell
            return (state.nextBell, bell)
        }
    }

    func watchPods(
        onNode name: String, from resourceVersion: String, reporting report: @escaping @Sendable (PodWatchEvent) -> Void
    ) async throws(KubernetesError) {
        try await exchange(.watch) { _ in .success(()) }
        let (id, bell) = addBell()
        defer { state.withLock { $0.bells[id] = nil } }
        let began = timeline.now
        var position = Int(resourceVersion) ?? 0
        while true {
            if Task.isCancelled { throw .unanswered(.cancelled) }
            let now = timeline.now
            if let watchEnd, began.advanced(by: watchEnd.after) <= now {
                if let error = watchEnd.error { throw error }
                return
            }
            // A watch breaks when its server goes away.
            if case .fails(let error) = fault(.watch, now) { throw error }
            let (events, next) = state.withLock { state in
                state.kubeletActs(at: now)
                return (state.history.filter { $0.version > position }, state.nextStop)
            }
            for event in events {
                position = event.version
                report(event.event)
            }
            var wakeUp = next ?? now.advanced(by: .seconds(1))
            wakeUp = min(wakeUp, now.advanced(by: .seconds(1)))
            if let watchEnd { wakeUp = min(wakeUp, began.advanced(by: watchEnd.after)) }
            await bell.wait(until: max(wakeUp, now.advanced(by: .milliseconds(1))), on: timeline)
        }
    }

    private func exchange<Value: Sendable>(
        _ call: Call, _ act: @Sendable (inout State) -> Result<Value, KubernetesError>
    ) async throws(KubernetesError) -> Value {
        let now = timeline.now
        state.withLock { state in
            state.calls.append((now, call))
            state.inFlight += 1
            state.mostInFlight = max(state.mostInFlight, state.inFlight)
        }
        defer { state.withLock { $0.inFlight -= 1 } }
        let fault = fault(call, now)
        if case .hangs = fault {
            _ = await timeline.passes(.seconds(1_000_000))
            throw .unanswered(.cancelled)
        }
        guard await timeline.passes(latency) else { throw .unanswered(.cancelled) }
        if case .fails(let error) = fault { throw error }
        let later = timeline.now
        let (result, bells) = state.withLock { state in
            state.kubeletActs(at: later)
            let before = state.version
            let result = act(&state)
            return (result, before == state.version ? [] : Array(state.bells.values))
        }
        for bell in bells { bell.ring() }
        if case .doneButLost = fault { throw .unanswered(.connectionLost(detail: "reset")) }
        return try result.get()
    }
}
