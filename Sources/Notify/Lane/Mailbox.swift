import Interruption
import Synchronization

/// The messages that wait for one channel: bounded, first in first out, taken by one worker.
final class Mailbox: Sendable {
    private struct State {
        var waiting: [Notification] = []
        var isInHand = false
        var isClosed = false
        var watchers: [AsyncStream<Void>.Continuation] = []

        var isSettled: Bool { waiting.isEmpty && !isInHand }
    }

    private let limit: Int
    private let state = Mutex(State())
    private let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation

    /// A mailbox in which at most `limit` messages wait.
    init(limit: Int) {
        self.limit = limit
        // One ring is enough: whoever hears it takes everything.
        (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// What became of a message that was put in.
    enum Reception: Sendable, Hashable {
        /// It waits for its turn.
        case waits
        /// It waits, and this one, the oldest, had to give way.
        case crowdedOut(Notification)
        /// Nobody will work it off any more.
        case closed
    }

    /// Puts a message in.
    func put(_ notification: Notification) -> Reception {
        let reception = state.withLock { state -> Reception in
            guard !state.isClosed else { return .closed }
            state.waiting.append(notification)
            return state.waiting.count > limit ? .crowdedOut(state.waiting.removeFirst()) : .waits
        }
        ring.yield()
        return reception
    }

    /// Works off the messages, one after another, until the task is cancelled.
    func forEach(_ work: (Notification) async -> Void) async {
        for await _ in bell {
            while !Task.isCancelled, let next = take() {
                await work(next)
                settle()
            }
        }
    }

    /// Closes the mailbox and takes out what still waits: nobody will work it off any more.
    func close() -> [Notification] {
        let (left, watchers) = state.withLock { state in
            defer {
                state.waiting = []
                state.watchers = []
                state.isClosed = true
            }
            return (state.waiting, state.watchers)
        }
        for watcher in watchers { watcher.finish() }
        return left
    }

    /// Waits until nothing waits and nothing is in hand, or the task is cancelled.
    func settled() async {
        let (settling, watcher) = AsyncStream<Void>.makeStream()
        let isSettled = state.withLock { state in
            if !state.isSettled { state.watchers.append(watcher) }
            return state.isSettled
        }
        if isSettled { return }
        for await _ in settling {}
    }

    private func take() -> Notification? {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return nil }
            state.isInHand = true
            return state.waiting.removeFirst()
        }
    }

    private func settle() {
        let watchers = state.withLock { state -> [AsyncStream<Void>.Continuation] in
            state.isInHand = false
            guard state.isSettled else { return [] }
            defer { state.watchers = [] }
            return state.watchers
        }
        for watcher in watchers { watcher.finish() }
    }
}
