public import Interruption
public import Kubernetes

/// Empties this node through the API server, and gives it back. The door of the module.
public struct ClusterDrainer: NodeDrainer {
    private let setting: DrainSetting

    /// A drainer for one node. `anchor` places wall times, `seed` decides the jitter, and at most `inFlight` requests
    /// are under way at once, the watch included: by default as many as API servers allow streams on a connection. `isPersons` says that
    /// a person's command asks, which answers for that person's notice in the record, and not the daemon, which answers for all others.
    /// Pods with attachable volumes are overruled `volumeMargin` earlier than others, where the cloud does not wait. Ordinary pods are
    /// asked `settle` after the notice, and a taint that removes pods is put on `noExecuteLead` before the end.
    public init(
        api: any ClusterAPI,
        nodeName: String,
        ownPod: OwnPod? = nil,
        marks: MarkSettings = MarkSettings(),
        timeline: any Timeline,
        anchor: WallClockAnchor,
        seed: UInt64 = .random(in: .min ... .max),
        inFlight: Int = 100,
        isPersons: Bool = false,
        volumeMargin: Duration = .zero,
        settle: Duration = .zero,
        noExecuteLead: Duration = .seconds(30)
    ) {
        setting = DrainSetting(
            api: api, nodeName: nodeName, ownPod: ownPod, marks: marks, timeline: timeline, anchor: anchor, seed: seed,
            inFlight: inFlight, volumeMargin: volumeMargin, settle: settle, noExecuteLead: noExecuteLead,
            keeper: RecordKeeper(isPersons: isPersons))
    }

    /// What an earlier life wrote on the Node; throws `KubernetesError` when the API server cannot say.
    public func record() async throws -> FoundRecord? {
        let node = try await setting.readNode()
        guard let record = NodeRecord(on: node) else { return nil }
        let hasRebooted = record.bootID.map { $0 != node.bootID ?? $0 } ?? false
        return FoundRecord(record: record, hasRebooted: hasRebooted, isUnschedulable: node.isUnschedulable)
    }

    /// Cordons the node and empties it; see `NodeDrainer`.
    public func drain(_ order: DrainOrder) async -> Report {
        await DrainRun(setting: setting, order: order).run()
    }

    /// Keeps the node empty that `drain` emptied; see `NodeDrainer`.
    public func keepEmpty(_ order: DrainOrder) async {
        await DrainRun(setting: setting, order: order).keepEmpty()
    }

    /// Undoes what the record says that we did; throws `GiveBackError` or `KubernetesError` when that has to be tried
    /// again.
    public func giveBack(because reason: String, keeping: Set<NoticeID>) async throws -> [String] {
        try await GivingBack(setting: setting).run(because: reason, keeping: keeping)
    }

    /// The same because a person asks for it: whoever cordoned the node, and Ready or not.
    public func uncordon() async throws -> [String] {
        let leftovers = try await GivingBack(setting: setting, isPersonsWish: true)
            .run(because: "asked for by a person", keeping: [])
        // A node that somebody else cordoned is uncordoned all the same.
        if try await setting.readNode().isUnschedulable { _ = try await setting.patchNode(NodePatches.takesPods) }
        return leftovers
    }

    /// Adds a plan to the record, so that a restart knows of it.
    public func note(_ plan: Plan) async {
        let since = setting.anchor.wall(at: setting.timeline.now)
        let deadline = plan.notice.deadline.restated(by: setting.anchor)
        // Once the notice is taken back, or the node given back, nothing calls for it any more.
        await writer.write {
            $0?.notices.contains { $0.id == plan.notice.id } ?? false
        } _: {
            $0.enter(plan, deadline: deadline, since: since, holdsCordon: $0.cordonedByUs)
        }
    }

    /// Takes a notice out of the record.
    public func forget(_ id: NoticeID) async {
        await writer.write {
            $0 != nil
        } _: {
            $0.remove(id)
        }
    }

    /// Writes down, and in an Event, that somebody made the node schedulable.
    public func noteUncordon(givingUp ids: [NoticeID], insistingOn plan: Plan?) async {
        async let event = outcome { () throws(KubernetesError) in
            try await setting.post { $0.uncordoned(givingUp: ids, insistingOn: plan) }
        }
        // Who insists cordons anew, and that is written down then.
        if !ids.isEmpty || plan == nil {
            await writer.write {
                $0?.notices.contains { ids.contains($0.id) && $0.ending == .givenUp } ?? false
            } _: {
                $0.giveUp(ids)
            }
        }
        _ = await event
    }

    /// Returns when somebody made the node schedulable; see `NodeDrainer`.
    public func untilUncordoned() async -> Bool {
        await CordonWatch(setting: setting, seed: setting.seed &+ 9).run()
    }

    private var writer: RecordWriter { RecordWriter(setting: setting, seed: setting.seed &+ 7) }

    /// What a drain that follows `plan` would meet now, found out by evictions that the API server only tries
    /// (`dryRun`), and where there is a `reader` also by what the budgets say. At most `width` questions are under way.
    public func forecast(
        _ plan: Plan, reading reader: (any ForecastAPI)? = nil, width: Int = 32
    ) async throws(KubernetesError) -> Forecast {
        try await Forecaster(setting: setting, reader: reader, width: width).forecast(plan)
    }
}

/// Why a node cannot be given back yet.
public enum GiveBackError: Error, Sendable, Equatable {
    /// The node is not Ready: pods must not be sent there yet.
    case nodeNotReady
    /// Others changed the node each time we tried.
    case conflict

    /// What is in the way, in words for people.
    public var words: String {
        switch self {
        case .nodeNotReady: "the node is not Ready"
        case .conflict: "others changed the node each time it was tried"
        }
    }
}
