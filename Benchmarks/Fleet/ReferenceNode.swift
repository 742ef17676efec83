import Interruption
import Kubernetes
import Synchronization

/// The reference system on one node, by the calls that it makes: looks the node up by lists, asks for each DaemonSet
/// of a pod, then evicts each pod in a loop of its own, all through one client of 5 requests a second, burst 10.
///
/// A refusal by a budget is tried again after 5 s, as often as there is time; flow control's refusals are tried again
/// by the client library itself after the server's Retry-After, ten times. An evicted pod is read every second until
/// it is gone. Nothing is escalated, nothing shortened.
struct ReferenceNode: Sendable {
    static let daemonSetPods = 8
    static let (perSecond, burst) = (5, 10)
    static let refusedPause = Duration.seconds(5)
    static let readingPause = Duration.seconds(1)
    static let libraryRetries = 10

    let api: FleetNodeAPI
    let seenAt: Moment
    let deadline: Moment
    private let limit: ClientLimitDesk
    private var timeline: any Timeline { api.timeline }

    init(api: FleetNodeAPI, seenAt: Moment, deadline: Moment) {
        self.api = api
        self.seenAt = seenAt
        self.deadline = deadline
        limit = ClientLimitDesk(ClientLimit(perSecond: Self.perSecond, burst: Self.burst))
    }

    /// Runs until the machine is gone.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await drain() }
            // Ends early by cancellation only, and then nobody waits.
            try? await timeline.sleep(until: deadline, tolerance: nil)
            group.cancelAll()
        }
    }

    private func drain() async {
        guard await passes(until: seenAt) else { return }
        for _ in 0..<3 { _ = await asked { () throws(KubernetesError) in _ = try await api.node(named: "") } }
        let patch = Patch(.strategic, #"{"spec":{"unschedulable":true}}"#)
        _ = await asked { () throws(KubernetesError) in _ = try await api.patchNode(named: "", patch) }
        let found = Mutex<[Pod]>([])
        for _ in 0..<2 {
            _ = await asked { () throws(KubernetesError) in
                let list = try await api.pods(onNode: "")
                found.withLock { $0 = list.pods }
            }
        }
        // Each DaemonSet, then discovery.
        for _ in 0...Self.daemonSetPods {
            _ = await asked { () throws(KubernetesError) in _ = try await api.serverVersion() }
        }
        let pods = found.withLock { $0 }
        await withDiscardingTaskGroup { group in
            for pod in pods { group.addTask { await evict(pod.reference) } }
        }
    }

    private func evict(_ pod: PodReference) async {
        while !Task.isCancelled {
            let answer = await asked { () throws(KubernetesError) in
                try await api.evict(pod, grace: nil, dryRun: false)
            }
            switch answer {
            case .success: return await waitUntilGone(pod)
            case .failure(.budgetRefused), .failure(.throttled):
                guard await passes(until: timeline.now.advanced(by: Self.refusedPause)) else { return }
            case .failure: return
            }
        }
    }

    private func waitUntilGone(_ pod: PodReference) async {
        while !Task.isCancelled {
            _ = await asked { () throws(KubernetesError) in
                try await api.server.serve(.read) { _ in .success(()) }
            }
            if !api.cluster.isThere(pod) { return }
            guard await passes(until: timeline.now.advanced(by: Self.readingPause)) else { return }
        }
    }

    /// One call as the client library makes it: in its turn, and again when flow control refuses.
    private func asked(
        _ call: () async throws(KubernetesError) -> Void
    ) async -> Result<Void, KubernetesError> {
        for _ in 0..<Self.libraryRetries {
            guard await passes(until: limit.turn(at: timeline.now)) else { break }
            do throws(KubernetesError) {
                try await call()
                return .success(())
            } catch .throttled(let asked) {
                guard await passes(until: timeline.now.advanced(by: asked ?? .seconds(1))) else { break }
            } catch {
                return .failure(error)
            }
        }
        return .failure(.throttled(retryAfter: nil))
    }

    private func passes(until moment: Moment) async -> Bool {
        (try? await timeline.sleep(until: moment, tolerance: nil)) != nil
    }
}

/// A client's limit that its tasks share.
private final class ClientLimitDesk: Sendable {
    private let limit: Mutex<ClientLimit>

    init(_ limit: ClientLimit) { self.limit = Mutex(limit) }

    func turn(at now: Moment) -> Moment { limit.withLock { $0.turn(at: now) } }
}
