import Drain
import Interruption
import Kubernetes
import Logging
import Notify
import ServiceLifecycle
import Settings
import Status
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
        let handler = NodeHandler(
            subject: NodeHandler.Subject(
                nodeName: nodeName, cluster: settings.cluster, machine: { provider.knownIdentity }),
            provider: cloud(of: nodeName), drainer: drainer(of: nodeName),
            notifications: settings.isDryRun ? DryRunSink(lane) : lane, policy: settings.policy,
            timeline: workplace.timeline, anchor: workplace.anchor, observe: { observer.observe($0) })
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await learnIdentity() }
                await handler.run()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            handler.stop()
        }
    }

    /// Has the cloud say what it knows this machine as, for messages; a service that is troubled now is asked again.
    private func learnIdentity() async {
        var pause = Duration.seconds(2)
        for _ in 0..<12 where !provider.knownIdentity.isComplete {
            if await provider.identity().isComplete { return }
            guard (try? await workplace.timeline.sleep(for: pause)) != nil else { return }  // told to stop
            pause = min(pause * 2, .seconds(300))
        }
    }

    /// The provider, asked with care, and in a dry run nothing.
    private func cloud(of nodeName: String) -> any CloudProvider {
        let cloud: any CloudProvider =
            settings.isDryRun ? DryRunCloud(provider, telling: { notDone($0) }) : provider
        let wait = CarefulCloud.VolumeWait(
            for: NodeVolumes(of: nodeName, in: cluster), atMost: settings.cloud.volumeWait,
            timeline: workplace.timeline
        ) { observer.observe($0) }
        return CarefulCloud(cloud, detaching: settings.cloud.detachScope, waiting: wait)
    }

    private func notDone(_ request: String) {
        logger.notice("dry run: this is not done", metadata: ["request": "\(request)"])
    }

    private func drainer(of nodeName: String) -> any NodeDrainer {
        guard settings.isDryRun else { return drainer(of: nodeName, on: cluster) }
        let dry = DryRunCluster(cluster, timeline: workplace.timeline) { notDone($0) }
        return DryRunDrainer(drainer(of: nodeName, on: dry), on: dry)
    }

    private func drainer(of nodeName: String, on api: any ClusterAPI) -> ClusterDrainer {
        ClusterDrainer(
            api: api, nodeName: nodeName,
            ownPod: settings.ownPod.map { OwnPod(namespace: $0.namespace, name: $0.name) },
            marks: MarkSettings(settings.marks), timeline: workplace.timeline, anchor: workplace.anchor,
            inFlight: settings.inFlight, volumeMargin: settings.volumeMargin, settle: settings.settle,
            noExecuteLead: settings.marks.noExecuteLead)
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

extension MarkSettings {
    /// The drain's marks from our settings.
    init(_ choices: MarkChoices) {
        let effect = TaintEffect(rawValue: choices.taintEffect) ?? .noSchedule
        let taints =
            choices.usesReferenceTaintKeys ? Self.referenceTaints(effect: effect) : Self.ownTaints(effect: effect)
        let excluded: Set<NoticeKind> =
            switch choices.excludesFromLoadBalancers {
            case nil: [.scaleIn]
            case true?: Set(NoticeKind.allCases)
            case false?: []
            }
        self.init(
            taints: choices.taints ? taints : [:], excludesFromLoadBalancers: excluded,
            conditions: choices.setsConditions, nodeEvents: choices.writesNodeEvents, podEvents: choices.writesPodEvents
        )
    }
}
