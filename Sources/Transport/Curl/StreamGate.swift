/// Lets a bounded number of requests to one origin share its HTTP/2 connection; the rest waits in line.
///
/// Servers allow about 100 streams on a connection (kube-apiserver: 100). libcurl opens another connection, with its
/// handshake, for every request beyond that; in line they wait for milliseconds instead.
struct StreamGate<Item: AnyObject> {
    /// Requests under way to one origin at once.
    let capacity: Int

    private struct Origin {
        var underWay = 0
        var line: [Item] = []
    }

    private var origins: [String: Origin] = [:]

    /// A gate that nobody has passed.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Whether the item may go now; otherwise it stands in line until `leave` names it.
    mutating func enter(_ item: Item, to origin: String) -> Bool {
        if origins[origin, default: Origin()].underWay < capacity {
            origins[origin, default: Origin()].underWay += 1
            return true
        }
        origins[origin]?.line.append(item)
        return false
    }

    /// Takes out an item that has ended, under way or still in line, and names the one that may go in its place.
    mutating func leave(_ item: Item, from origin: String) -> Item? {
        guard var state = origins[origin] else { return nil }
        defer { origins[origin] = state.underWay == 0 ? nil : state }
        if let place = state.line.firstIndex(where: { $0 === item }) {
            state.line.remove(at: place)
            return nil
        }
        guard state.line.isEmpty else { return state.line.removeFirst() }
        state.underWay -= 1
        return nil
    }
}
