import Kubernetes

/// Who brings a pod back: its controller. A pod without one is its own.
struct PodOwner: Sendable, Hashable, CustomStringConvertible {
    let namespace: String
    let kind: String
    let name: String

    init(of pod: Pod) {
        namespace = pod.reference.namespace
        kind = pod.controller?.kind ?? "Pod"
        name = pod.controller?.name ?? pod.reference.name
    }

    var description: String { "\(kind) \(namespace)/\(name)" }
}

/// What the ledger knows of the pods of one owner together.
///
/// A pod that comes while the node is emptied either chose its node before the cordon, or it tolerates the cordon and
/// comes back whenever it is evicted. Which of the two cannot be seen of one pod; it shows when a pod comes in the place
/// of one that we moved, for the second time.
struct OwnerEntry: Sendable, Hashable {
    /// Pods that left because we asked, also those that had come back.
    private(set) var moved = 0
    /// The same without those that had come back: how many places the owner's pods had here.
    private(set) var places = 0
    /// Pods that came where others had been moved.
    private(set) var returned = 0
    /// Whether its evictions race each other for one budget.
    var race = EvictionRace()

    /// A pod of its left because we asked.
    mutating func wasMoved(hadReturned: Bool) {
        moved += 1
        if !hadReturned { places += 1 }
    }

    /// A pod of its came. Answers for the how manieth time its place is taken again, from 0; `nil` when it took the
    /// place of none that we moved.
    mutating func came() -> Int? {
        guard moved > returned else { return nil }
        returned += 1
        return (returned - 1) / max(1, places)
    }

    /// Whether its pods come back again and again.
    var comesBack: Bool { returned > places }

    /// What came and went so far says nothing any more.
    mutating func beginsAnew() {
        (moved, places, returned) = (0, 0, 0)
    }
}
