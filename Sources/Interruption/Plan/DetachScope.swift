/// For which notices a machine is taken out of its group: for those that certainly end it, unless others are named.
public struct DetachScope: Sendable, Hashable {
    /// The kinds of notices.
    public var kinds: Set<NoticeKind>
    /// Whether that goes for a machine that comes back, too, which then works on outside of its group.
    public var includesReturning: Bool

    /// A scope from its parts, by default every certain loss.
    public init(kinds: Set<NoticeKind> = [.reclaim, .maintenance, .scaleIn], includesReturning: Bool = false) {
        self.kinds = kinds
        self.includesReturning = includesReturning
    }

    /// Why the machine stays in its group although `notice` stands; `nil` when it leaves.
    public func objection(to notice: Notice) -> String? {
        if notice.returns, !includesReturning { return "the machine is expected back, so it stays in its group" }
        if !kinds.contains(notice.kind) {
            return "\(notice.kind.rawValue) is not named as a reason to detach, so the machine stays in its group"
        }
        return nil
    }
}

/// A group that is asked to detach the machine only within a scope.
struct ScopedGroup: MachineGroup {
    let group: any MachineGroup
    let scope: DetachScope

    func detach(for notice: Notice, until deadline: Deadline) async -> CloudOutcome {
        if let objection = scope.objection(to: notice) { return .notNeeded(objection) }
        return await group.detach(for: notice, until: deadline)
    }
}
