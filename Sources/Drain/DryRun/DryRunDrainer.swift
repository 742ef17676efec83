public import Interruption

/// A drainer on a dry cluster: what a drain pretended is forgotten with its end, so that the next one finds the pods as they are.
public struct DryRunDrainer: NodeDrainer {
    private let drainer: ClusterDrainer
    private let cluster: DryRunCluster

    /// Drains with `drainer`, which works on `cluster`.
    public init(_ drainer: ClusterDrainer, on cluster: DryRunCluster) {
        self.drainer = drainer
        self.cluster = cluster
    }

    /// What an earlier life wrote on the Node.
    public func record() async throws -> FoundRecord? {
        try await drainer.record()
    }

    /// Drains, and forgets.
    public func drain(_ order: DrainOrder) async -> Report {
        let report = await drainer.drain(order)
        cluster.forget()
        return report
    }

    /// Nothing: the pods are there again.
    public func keepEmpty(_ order: DrainOrder) async {}

    /// Says what would be undone.
    public func giveBack(because reason: String, keeping: Set<NoticeID>) async throws -> [String] {
        try await drainer.giveBack(because: reason, keeping: keeping)
    }

    /// Says what would be noted.
    public func note(_ plan: Plan) async {
        await drainer.note(plan)
    }

    /// Says what would be taken out of the record.
    public func forget(_ id: NoticeID) async {
        await drainer.forget(id)
    }

    /// Says what would be noted.
    public func noteUncordon(givingUp ids: [NoticeID], insistingOn plan: Plan?) async {
        await drainer.noteUncordon(givingUp: ids, insistingOn: plan)
    }

    /// Waits as the drainer does, for an uncordon of what would be the cordon.
    public func untilUncordoned() async -> Bool {
        await drainer.untilUncordoned()
    }
}
