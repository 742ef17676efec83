import Interruption

/// Who sleeps until when, in the order of waking: a binary heap, so that tens of thousands can sleep at once.
struct SleeperQueue {
    /// One sleeper; those of one moment wake in the order of their coming.
    struct Place: Comparable {
        let deadline: Moment
        let id: Int

        static func < (left: Place, right: Place) -> Bool {
            (left.deadline, left.id) < (right.deadline, right.id)
        }
    }

    private var heap: [Place] = []

    /// Who wakes next.
    var first: Place? { heap.first }

    /// Adds a sleeper.
    mutating func insert(_ place: Place) {
        heap.append(place)
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Removes and returns who wakes next.
    mutating func removeFirst() -> Place? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while let child = lesserChild(of: parent), heap[child] < heap[parent] {
            heap.swapAt(child, parent)
            parent = child
        }
        return first
    }

    private func lesserChild(of parent: Int) -> Int? {
        let (left, right) = (2 * parent + 1, 2 * parent + 2)
        guard left < heap.count else { return nil }
        return right < heap.count && heap[right] < heap[left] ? right : left
    }
}
