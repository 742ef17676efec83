import Interruption
import Kubernetes
import Synchronization

/// The one writer of the record: turn by turn, so that no write overtakes another and takes back what it said.
final class RecordKeeper: Sendable {
    private let memory = Mutex<NodeRecord?>(nil)
    private let turnstile = Turnstile()

    /// Runs `body` as the only one, with what we remember of the record; what it leaves there is remembered.
    func exclusively<Value>(_ body: (inout NodeRecord?) async throws -> Value) async rethrows -> Value {
        await turnstile.enter()
        var record = memory.withLock { $0 }
        defer {
            memory.withLock { [record] in $0 = record }
            turnstile.leave()
        }
        return try await body(&record)
    }
}

extension NodeRecord {
    /// The record of a node as it was read there; `nil` when it has none.
    init?(on node: Node) {
        guard let text = node.annotations[MarkSettings.recordKey] else { return nil }
        self.init(annotation: text)
    }

    /// Adds what is remembered of notices to what was read from the node. About the node's own state the node is right.
    mutating func remember(_ remembered: NodeRecord?) {
        for entry in remembered?.notices ?? [] {
            if let place = notices.firstIndex(where: { $0.id == entry.id }) {
                notices[place].ending = entry.ending ?? notices[place].ending
            } else {
                notices.append(entry)
            }
        }
    }

    /// Enters a plan that is served from now on; what an earlier life wrote about the same notice stays.
    mutating func enter(_ plan: Plan, deadline: Deadline, since: WallTime) {
        let notice = plan.notice
        guard let place = notices.firstIndex(where: { $0.id == notice.id }) else {
            notices.append(
                Entry(
                    id: notice.id, kind: notice.kind, words: notice.words, strategy: plan.strategy,
                    deadline: deadline.wall, certainty: deadline.certainty, since: since, returns: notice.returns,
                    hasHook: notice.hasHook))
            return
        }
        notices[place].strategy = plan.strategy
        notices[place].deadline = deadline.wall
        notices[place].certainty = deadline.certainty
        notices[place].ending = nil
    }

    /// Notes how the drain ended for every notice that stood.
    mutating func close(_ ending: Report.Ending) {
        for place in notices.indices where notices[place].ending == nil || notices[place].ending == .stopped {
            notices[place].ending = ending
        }
    }
}
