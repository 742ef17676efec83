import Synchronization

/// A host on which people's notification channels live: it records what it gets, and answers as the channels do.
public final class WebhookService: LabService {
    /// Every request, and when it came.
    public let log: RequestLog
    /// The requests that reached their channel, so that people read them.
    public let taken: RequestLog
    /// What goes wrong.
    public let faults: FaultScript
    private let script = Mutex<[Scripted]>([])

    private struct Scripted {
        var path: String?
        var response: LabResponse
    }

    /// A host that gets every message, until a script or a fault says otherwise.
    public init(faults: FaultScript? = nil, clock: any WallClock = SystemWallClock()) {
        log = RequestLog(clock: clock)
        taken = RequestLog(clock: clock)
        self.faults = faults ?? FaultScript(clock: clock)
    }

    /// The next answer to that path (nil: to any path), before the channel's own; answers are used up in order.
    public func answerNext(_ response: LabResponse, to path: String? = nil) {
        script.withLock { $0.append(Scripted(path: path, response: response)) }
    }

    /// What came to that path, or below it, oldest first.
    public func received(at path: String) -> [RecordedRequest] {
        log.entries.filter { $0.request.path == path || $0.request.path.hasPrefix(path + "/") }
    }

    /// Answers one request.
    public func respond(to request: LabRequest) async -> LabResponse {
        log.record(request)
        return await faults.answer(to: request) {
            taken.record(request)
            return scripted(for: request) ?? WebhookChannel(request).answer(to: request)
        }
    }

    private func scripted(for request: LabRequest) -> LabResponse? {
        script.withLock { script in
            let index = script.firstIndex { $0.path == nil || $0.path == request.path }
            return index.map { script.remove(at: $0).response }
        }
    }
}
