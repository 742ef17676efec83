import Interruption
import Kubernetes

extension NodeRecord {
    /// The taint that the cluster itself puts on a node once it is unschedulable
    /// (https://kubernetes.io/docs/reference/labels-annotations-taints/#node-kubernetes-io-unschedulable).
    static let unschedulableTaint = "node.kubernetes.io/unschedulable"

    /// The node is cordoned for `plan`; `sight` says what is known of it before that. Returns whether the cordon is ours to undo.
    mutating func cordons(_ node: Node, _ sight: NodeSight, for draft: RecordDraft) -> Bool {
        let wasSchedulable = sight.wasSchedulable(node)
        // Whoever held a cordon that is not there any more holds none.
        if wasSchedulable { releaseCordon() }
        let isOurs = wasSchedulable || cordonedByUs
        begin(draft, on: node, holdsCordon: isOurs)
        return isOurs
    }

    /// Writes down a plan that is begun, and the marks that come with it.
    mutating func begin(_ draft: RecordDraft, on node: Node, holdsCordon: Bool) {
        let (plan, marks) = (draft.plan, draft.marks)
        bootID = node.bootID ?? bootID
        enter(plan, deadline: draft.deadline, since: draft.since, holdsCordon: holdsCordon)
        if let taint = marks.taint(for: plan.notice), !node.taints.contains(where: { $0.isSame(as: taint) }),
            !taints.contains(taint.words)
        {
            taints.append(taint.words)
        }
        if marks.excludesFromLoadBalancers.contains(plan.notice.kind), node.labels[MarkSettings.exclusionKey] == nil {
            labels[MarkSettings.exclusionKey] = "interruption-handler"
        }
        if marks.conditions {
            conditions += NodeConditions.types(for: plan.strategy).filter { !conditions.contains($0) }
        }
    }
}

/// What is to be written down when a plan is begun.
struct RecordDraft: Sendable {
    let plan: Plan
    let deadline: Deadline
    let since: WallTime
    let marks: MarkSettings
}

/// What is known of a node's state before our cordon.
enum NodeSight: Sendable, Hashable {
    /// The node was seen schedulable by this drain.
    case seenSchedulable
    /// The node is as it was read before the cordon.
    case read
    /// The node could not be read in time, and is as the cordon left it; with what was seen of it at some earlier time.
    case unread(before: Node?)

    /// Whether the node was schedulable before us.
    ///
    /// Of a node that could not be read the cluster's own taint tells: it follows a cordon within moments, so a node
    /// that has it already when our cordon is answered was cordoned before; and so was one that our cordon left at the
    /// version that was seen before, or that was seen unschedulable. Should that have been an attempt of ours
    /// whose answer was lost, the node stays cordoned when it is given back: people see that, while a node that returns
    /// to service under somebody's hands goes unseen.
    func wasSchedulable(_ node: Node) -> Bool {
        switch self {
        case .seenSchedulable: true
        case .read: !node.isUnschedulable
        case .unread(let before):
            !node.taints.contains { $0.key == NodeRecord.unschedulableTaint }
                && before.map { !$0.isUnschedulable && $0.resourceVersion != node.resourceVersion } ?? true
        }
    }
}

extension MarkSettings {
    /// The taint for a notice; `nil` when its kind has none.
    func taint(for notice: Notice) -> Taint? {
        taints[notice.kind].map {
            Taint(key: $0.key, value: $0.value ?? notice.id.rawValue, effect: $0.effect.rawValue)
        }
    }
}
