import Synchronization

/// A request as a simulator got it, and when.
public struct RecordedRequest: Sendable {
    /// When it was complete.
    public let time: WallTime
    /// The request.
    public let request: LabRequest

    /// The body as text.
    public var bodyText: String { String(decoding: request.body, as: UTF8.self) }
}

/// What a simulator was asked, oldest first; when it is full, the oldest are forgotten.
public final class RequestLog: Sendable {
    private struct Waiter {
        var count: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var entries: [RecordedRequest] = []
        var forgotten = 0
        var nextWaiter = 0
        var waiters: [Int: Waiter] = [:]
        var cancelled: Set<Int> = []

        var total: Int { forgotten + entries.count }
    }

    private let capacity: Int
    private let clock: any WallClock
    private let state = Mutex(State())

    /// A log that keeps that many requests.
    public init(capacity: Int = 10_000, clock: any WallClock = SystemWallClock()) {
        self.capacity = capacity
        self.clock = clock
    }

    /// The requests that are remembered, oldest first.
    public var entries: [RecordedRequest] { state.withLock { $0.entries } }
    /// How many there were, the forgotten ones included.
    public var count: Int { state.withLock { $0.total } }

    /// Remembers a request, and wakes who waits for it.
    public func record(_ request: LabRequest) {
        let time = clock.now
        let woken = state.withLock { state in
            state.entries.append(RecordedRequest(time: time, request: request))
            if state.entries.count > capacity {
                let surplus = capacity / 10 + 1
                state.entries.removeFirst(surplus)
                state.forgotten += surplus
            }
            let ready = state.waiters.filter { $0.value.count <= state.total }
            for id in ready.keys { state.waiters[id] = nil }
            return ready.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Forgets everything; the count starts again.
    public func clear() {
        state.withLock { state in
            state.entries = []
            state.forgotten = 0
        }
    }

    /// Waits until at least that many requests have come, and returns what is remembered; a cancelled wait ends early.
    public func entries(atLeast count: Int) async -> [RecordedRequest] {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    // Cancellation may have come before the continuation was stored.
                    if state.cancelled.remove(id) != nil || state.total >= count { return true }
                    state.waiters[id] = Waiter(count: count, continuation: continuation)
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                let waiter = state.waiters.removeValue(forKey: id)
                if waiter == nil { state.cancelled.insert(id) }
                return waiter
            }
            waiter?.continuation.resume()
        }
        return state.withLock { state in
            state.cancelled.remove(id)
            return state.entries
        }
    }
}

/// Any service, with a log of what it is asked.
public struct RecordedService: LabService {
    private let service: any LabService
    private let log: RequestLog

    /// The service, whose requests are remembered in that log.
    public init(_ service: any LabService, log: RequestLog) {
        self.service = service
        self.log = log
    }

    /// The service's answer.
    public func respond(to request: LabRequest) async -> LabResponse {
        log.record(request)
        return await service.respond(to: request)
    }
}
