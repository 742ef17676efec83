import Drain
import Interruption
import Kubernetes

/// The shipped handler on one node: its machine, its drainer, their pacing; only cloud, channels and API server are
/// played.
struct HandlerNode: Sendable {
    let api: FleetNodeAPI
    let seed: UInt64
    /// When the notice is there, and when the handler's poll sees it.
    let announcedAt: Moment
    let seenAt: Moment
    let timeline: any Timeline

    /// Runs until the machine is gone.
    func run() async {
        let anchor = WallClockAnchor(
            wall: WallTime(sinceEpoch: .seconds(1_795_000_000)), moment: Moment(sinceOrigin: .zero))
        let deadline = announcedAt.advanced(by: Scenario.noticeTime)
        let notice = Notice(
            id: NoticeID(rawValue: "spot-\(api.node)"), kind: .reclaim,
            deadline: Deadline(moment: deadline, wall: anchor.wall(at: deadline), certainty: .announced),
            words: "spot terminate")
        let handler = NodeHandler(
            subject: NodeHandler.Subject(nodeName: "node-\(api.node)", cluster: nil) { MachineIdentity() },
            provider: Cloud(sources: [Source(notice: notice, seenAt: seenAt, timeline: timeline)]),
            drainer: ClusterDrainer(
                api: api, nodeName: "node-\(api.node)", timeline: timeline, anchor: anchor, seed: seed),
            notifications: NoChannel(), policy: DrainPolicy(), timeline: timeline, anchor: anchor
        ) { _ in }
        await withDiscardingTaskGroup { group in
            group.addTask { await handler.run() }
            // Ends early by cancellation only, and then nobody waits.
            try? await timeline.sleep(until: deadline, tolerance: nil)
            group.cancelAll()
        }
    }

    private struct Cloud: CloudProvider {
        let name = "fleet"
        let sources: [any InterruptionSource]
        let hook: (any TerminationHook)? = nil
        let group: (any MachineGroup)? = nil

        func identity() async -> MachineIdentity { MachineIdentity() }
    }

    private struct Source: InterruptionSource {
        let name = "spot"
        let notice: Notice
        let seenAt: Moment
        let timeline: any Timeline

        func run(reporting report: @escaping @Sendable (SourceReport) async -> Void) async {
            guard (try? await timeline.sleep(until: seenAt, tolerance: nil)) != nil else { return }
            await report(.notice(notice))
            // Ends by cancellation only.
            try? await timeline.sleep(until: Scenario.end, tolerance: nil)
        }
    }

    private struct NoChannel: NotificationSink {
        func post(_ notification: Notification) {}
        func finish(by moment: Moment) async {}
    }
}
