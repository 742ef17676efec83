public import Interruption
public import Kubernetes

/// Empties this node through the API server, and gives it back. The door of the module.
public struct ClusterDrainer: NodeDrainer {
    private let setting: DrainSetting

    /// A drainer for one node. `anchor` places wall times, `seed` decides the jitter, and at most `inFlight` requests
    /// are under way at once, the watch included: by default as many as API servers allow streams on a connection.
    public init(
        api: any ClusterAPI,
        nodeName: String,
        ownPod: OwnPod? = nil,
        marks: MarkSettings = MarkSettings(),
        timeline: any Timeline,
        anchor: WallClockAnchor,
        seed: UInt64 = .random(in: .min ... .max),
        inFlight: Int = 100
    ) {
        setting = DrainSetting(
            api: api, nodeName: nodeName, ownPod: ownPod, marks: marks, timeline: timeline, anchor: anchor, seed: seed,
            inFlight: inFlight, keeper: RecordKeeper())
    }

    /// What an earlier life wrote on the Node; throws `KubernetesError` when the API server cannot say.
    public func record() async throws -> FoundRecord? {
        let node = try await setting.api.node(named: setting.nodeName)
        guard let record = NodeRecord(on: node) else { return nil }
        let hasRebooted = record.bootID.map { $0 != node.bootID ?? $0 } ?? false
        return FoundRecord(record: record, hasRebooted: hasRebooted)
    }

    /// Cordons the node and empties it; see `NodeDrainer`.
    public func drain(_ order: DrainOrder) async -> Report {
        await DrainRun(setting: setting, order: order).run()
    }

    /// Undoes what the record says that we did; throws `GiveBackError` or `KubernetesError` when that has to be tried
    /// again.
    public func giveBack(because reason: String) async throws -> [String] {
        try await GivingBack(setting: setting).run(because: reason)
    }

    /// Adds a plan to the record, so that a restart knows of it.
    public func note(_ plan: Plan) async {
        let since = setting.anchor.wall(at: setting.timeline.now)
        await setting.keeper.exclusively { record in
            var noted = record
            if noted == nil {
                // Without an answer the entry is remembered, and written with whatever is written next.
                let node = try? await setting.api.node(named: setting.nodeName)
                noted = node.flatMap { NodeRecord(on: $0) }
            }
            noted = noted ?? NodeRecord()
            noted?.enter(plan, deadline: plan.notice.deadline.restated(by: setting.anchor), since: since)
            record = noted
            guard let noted else { return }
            // Best effort: the next write says it again.
            _ = try? await setting.api.patchNode(named: setting.nodeName, NodePatches.annotate(noted))
        }
    }

    /// What a drain that follows `plan` would meet now, found out by evictions that the API server only tries
    /// (`dryRun`).
    public func forecast(_ plan: Plan) async throws(KubernetesError) -> Forecast {
        try await Forecaster(setting: setting).forecast(plan)
    }
}

/// Why a node cannot be given back yet.
public enum GiveBackError: Error, Sendable, Equatable {
    /// The node is not Ready: pods must not be sent there yet.
    case nodeNotReady
    /// Others changed the node each time we tried.
    case conflict
}
