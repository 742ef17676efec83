public import CoreMetrics
public import Interruption
import Synchronization

/// Changes the daemon's metrics; every label that a metric has is a parameter here.
public struct Instruments: Sendable {
    private let factory: any MetricsFactory
    private let metadata = MetadataCounters()

    /// Instruments whose numbers `factory` keeps.
    public init(factory: any MetricsFactory) {
        self.factory = factory
    }

    /// A request to the instance metadata service ended.
    public func metadataRequestEnded(_ result: MetadataResult) {
        metadata.counter(of: result, from: factory).increment(by: 1)
    }

    /// The first version of the instance metadata service had to do.
    public func metadataFellBack() {
        count(.metadataFallback)
    }

    /// A message on the channel with that word was sent or given up.
    public func notificationEnded(channel: String, _ result: NotificationResult) {
        count(.notifications, [("channel", channel), ("outcome", result.rawValue)])
    }

    /// The cloud was asked something.
    public func cloudRequestEnded(_ action: CloudAction, _ result: CloudResult) {
        count(.cloudRequests, [("action", action.rawValue), ("outcome", result.rawValue)])
    }

    /// A request to the API server was answered with that status, or not at all (`nil`).
    public func kubernetesRequestEnded(_ verb: KubernetesVerb, _ resource: KubernetesResource, status: Int?) {
        count(
            .kubernetesRequests,
            [
                ("verb", verb.rawValue), ("resource", resource.rawValue),
                ("code", StatusClass(status: status).rawValue),
            ])
    }

    /// So much scheduled maintenance is known that is not due yet.
    public func plannedMaintenance(is number: Int) {
        set(.plannedMaintenance, to: Double(number))
    }

    /// The daemon of that version started at `time`, perhaps for a dry run.
    public func started(version: String, at time: WallTime, isRehearsal: Bool = false) {
        set(.dryRun, to: isRehearsal ? 1 : 0)
        set(.buildInfo, to: 1, [("version", version)])
        set(.startTime, to: time.sinceEpoch / .seconds(1))
        set(.drainInProgress, to: 0)
        set(.volumesAttached, to: 0)
    }
}

extension Instruments {
    /// Adds to a counter.
    func count(_ name: MetricName, _ labels: [(String, String)] = [], by amount: Int = 1) {
        factory.makeCounter(label: name.rawValue, dimensions: labels).increment(by: Int64(amount))
    }

    /// Sets a gauge.
    func set(_ name: MetricName, to value: Double, _ labels: [(String, String)] = []) {
        factory.makeMeter(label: name.rawValue, dimensions: labels).set(value)
    }

    /// Adds an observation to a histogram of seconds.
    func observe(_ name: MetricName, _ duration: Duration) {
        factory.makeRecorder(label: name.rawValue, dimensions: [], aggregate: true).record(duration / .seconds(1))
    }
}

/// The counters of what happens every second for the machine's whole life, looked up once.
private final class MetadataCounters: Sendable {
    private let counters = Mutex<[MetadataResult: any CounterHandler]>([:])

    func counter(of result: MetadataResult, from factory: any MetricsFactory) -> any CounterHandler {
        counters.withLock { counters in
            if let counter = counters[result] { return counter }
            let counter = factory.makeCounter(
                label: MetricName.metadataRequests.rawValue, dimensions: [("result", result.rawValue)])
            counters[result] = counter
            return counter
        }
    }
}
