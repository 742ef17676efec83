import Interruption
import Kubernetes
import Synchronization

/// The one writer of the record in this process: turn by turn, so that no write overtakes another and takes back what it said. Others
/// write it, too (the daemon, and a person's command): so each write names the version of the node that it changes.
final class RecordKeeper: Sendable {
    private struct Memory {
        var record: NodeRecord?
        var node: Node?
        var hasSentUndo = false
    }

    private let memory = Mutex(Memory())
    private let turnstile = Turnstile()
    /// Whether this process is a person's command, which answers for that person's notice only, and the daemon for all others.
    private let isPersons: Bool

    init(isPersons: Bool) {
        self.isPersons = isPersons
    }

    /// Whether this process answers for that notice.
    func owns(_ id: NoticeID) -> Bool { (id == .operatorRequest) == isPersons }

    /// The node as it was seen last; `nil` before that.
    var node: Node? { memory.withLock { $0.node } }

    /// Whether an undo of the record on the Node went out whose answer was not heard.
    var hasSentUndo: Bool {
        get { memory.withLock { $0.hasSentUndo } }
        set { memory.withLock { $0.hasSentUndo = newValue } }
    }

    /// The node was seen: by reading, by changing it, or by a watch that may lag behind both.
    func saw(_ node: Node) {
        memory.withLock { memory in
            if let known = memory.node, known.isNewer(than: node) { return }
            memory.node = node
        }
    }

    /// Runs `body` as the only one, with what we remember of our own entries; what it leaves there is remembered.
    func exclusively<Value>(_ body: (inout NodeRecord?) async throws -> Value) async rethrows -> Value {
        await turnstile.enter()
        var record = memory.withLock { $0.record }
        defer {
            record?.notices.removeAll { !owns($0.id) }
            memory.withLock { [record] in $0.record = record }
            turnstile.leave()
        }
        return try await body(&record)
    }
}

extension Node {
    /// Whether its version is surely later than `other`'s. Servers compare versions as numbers; what is none says nothing.
    fileprivate func isNewer(than other: Node) -> Bool {
        guard let own = UInt64(resourceVersion), let others = UInt64(other.resourceVersion) else { return false }
        return own > others
    }
}
