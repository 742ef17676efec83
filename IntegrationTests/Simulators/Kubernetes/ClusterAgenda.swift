/// Something that a simulated controller or kubelet will do.
enum ClusterAction: Sendable {
    /// A pod that was bound to a node comes up.
    case startPod(ObjectKey, uid: String)
    /// A pod comes to its end without being told to.
    case completePod(ObjectKey, uid: String)
    /// The containers of a terminating pod have ended, or are killed.
    case endPod(ObjectKey, uid: String)
    /// The job controller has counted a finished pod and lets it go.
    case releasePod(ObjectKey, uid: String)
    /// The disruption controller looks at a budget again.
    case syncBudget(ObjectKey)
    /// A workload controller brings its pods up to the wanted number.
    case reconcile(workload: String)
    /// A pod of that name and node comes back: a StatefulSet's, a DaemonSet's or a mirror pod.
    case recreate(StoredObject)
    /// Pods without a node are placed.
    case placePods
    /// The node lifecycle controller makes the taint of a node say what `unschedulable` says.
    case taintNode(ObjectKey)
    /// Watches look whether their time or a bookmark has come.
    case wakeWatches
}

/// What will happen, in the order in which it will.
struct ClusterAgenda: Sendable {
    private struct Item: Sendable {
        let due: Duration
        let order: Int
        let action: ClusterAction
    }
    private var heap: [Item] = []
    private var count = 0

    /// When the next action is due; nil when nothing is planned.
    var next: Duration? { heap.first?.due }

    /// Plans an action; of two with the same instant the one planned first comes first.
    mutating func add(_ action: ClusterAction, at due: Duration) {
        count += 1
        heap.append(Item(due: due, order: count, action: action))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(child, parent) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes out the next action if its instant has come.
    mutating func removeFirst(dueBy now: Duration) -> (due: Duration, action: ClusterAction)? {
        guard let first = heap.first, first.due <= now, let last = heap.popLast() else { return nil }
        if !heap.isEmpty {
            heap[0] = last
            var parent = 0
            while true {
                var least = parent
                for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(child, least) {
                    least = child
                }
                if least == parent { break }
                heap.swapAt(parent, least)
                parent = least
            }
        }
        return (first.due, first.action)
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (heap[left].due, heap[left].order) < (heap[right].due, heap[right].order)
    }
}
