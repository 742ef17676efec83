import Drain
import Interruption
import Kubernetes
import Logging
import Notify
import ServiceLifecycle
import Settings
import Status
import Synchronization
import Transport

/// Sends notifications; at the end it waits a few seconds for what is still to be sent.
struct LaneService: Service {
    let lane: NotificationLane
    let timeline: any Timeline

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await lane.run() }
            try? await gracefulShutdown()  // cancelled: the same end, without the wait
            await lane.finish(by: timeline.now.advanced(by: .seconds(6)))
            group.cancelAll()
        }
    }
}

/// Beats the heart that `/healthz` listens for, watches over the connection to the API server, and gives back memory that is not needed.
struct Upkeep: Service {
    /// After which beats: when the checks at start are over, and then from time to time, for what a drain left.
    private static func shrinks(after beat: Int) -> Bool { beat <= 2 || beat.isMultiple(of: 60) }

    let heartbeat: Heartbeat
    let connection: ConnectionGuard
    let transport: CurlTransport
    let timeline: any Timeline

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await connection.run() }
                group.addTask {
                    // Ends by cancellation.
                    var beats = 0
                    while (try? await timeline.sleep(for: .seconds(10))) != nil {
                        heartbeat.beat()
                        beats += 1
                        guard Upkeep.shrinks(after: beats) else { continue }
                        transport.rest()
                        // A poll later the transport has let go, and that is given back, too.
                        guard (try? await timeline.sleep(for: .seconds(2))) != nil else { return }
                        Footprint.shrink()
                    }
                }
            }
        }
    }
}

/// Finds out which node this is, then handles what is announced about it.
struct NodeService: Service {
    let settings: HandlerSettings
    let provider: any CloudProvider
    let cluster: ObservedCluster
    let lane: NotificationLane
    let workplace: Workplace
    let observer: StatusObserver
    let logger: Logger

    func run() async throws {
        guard let nodeName = await cancelWhenGracefulShutdown({ await nodeName() }) else { return }
        let known = KnownMachine()
        let handler = NodeHandler(
            subject: NodeHandler.Subject(
                nodeName: nodeName, cluster: settings.cluster, machine: { known.identity }),
            provider: provider, drainer: drainer(of: nodeName), notifications: lane, policy: settings.policy,
            timeline: workplace.timeline, anchor: workplace.anchor, observe: { observer.observe($0) })
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { known.identity = await provider.identity() }
                await handler.run()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            handler.stop()
        }
    }

    private func drainer(of nodeName: String) -> ClusterDrainer {
        let api: any ClusterAPI =
            settings.isDryRun
            ? DryRunCluster(cluster) { [logger] write in
                logger.notice("dry run: this is not done", metadata: ["request": "\(write)"])
            } : cluster
        return ClusterDrainer(
            api: api, nodeName: nodeName,
            ownPod: settings.ownPod.map { OwnPod(namespace: $0.namespace, name: $0.name) },
            marks: MarkSettings(settings.marks), timeline: workplace.timeline, anchor: workplace.anchor,
            inFlight: settings.inFlight)
    }

    /// The node's name as it was set, else as our own pod says; waits for the API server. `nil` when it was told to stop first.
    private func nodeName() async -> String? {
        if let name = settings.nodeName { return name }
        guard let pod = settings.ownPod else { return nil }
        var pause = Duration.milliseconds(500)
        while !Task.isCancelled {
            do {
                if let name = try await cluster.pod(named: pod.name, namespace: pod.namespace).nodeName { return name }
                logger.warning("our own pod is on no node yet", metadata: ["pod.name": "\(pod.name)"])
            } catch {
                logger.warning(
                    "our own pod cannot be read, so this node's name is not known yet; it is tried again",
                    metadata: ["pod.name": "\(pod.name)", "reason": "\(error)", "advice": "set NODE_NAME"])
            }
            guard (try? await workplace.timeline.sleep(for: pause)) != nil else { return nil }  // told to stop
            pause = min(pause * 2, .seconds(15))
        }
        return nil
    }
}

/// What the cloud knows this machine as, as soon as it is known.
final class KnownMachine: Sendable {
    private let known = Mutex(MachineIdentity())

    var identity: MachineIdentity {
        get { known.withLock { $0 } }
        set { known.withLock { $0 = newValue } }
    }
}

extension MarkSettings {
    /// The drain's marks from our settings.
    init(_ choices: MarkChoices) {
        let effect = TaintEffect(rawValue: choices.taintEffect) ?? .noSchedule
        let taints =
            choices.usesReferenceTaintKeys ? Self.referenceTaints(effect: effect) : Self.ownTaints(effect: effect)
        self.init(
            taints: choices.taints ? taints : [:], excludesFromLoadBalancers: choices.excludesFromLoadBalancers,
            conditions: choices.setsConditions, nodeEvents: choices.writesNodeEvents, podEvents: choices.writesPodEvents
        )
    }
}
