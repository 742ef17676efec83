import Interruption

extension Metric {
    /// Bounds for the seconds from a notice to something: the shortest notice is two minutes, the longest drains take half an hour.
    static let secondsBounds: [Double] = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1800]
    /// Bounds for the seconds that are left at the end; the first one counts drains that had none left.
    static let timeLeftBounds: [Double] = [0, 1, 5, 10, 20, 30, 45, 60, 75, 90, 105, 120, 180, 300, 600, 1800]

    /// Every metric of the daemon, in the order in which they are exposed.
    ///
    /// - Parameters:
    ///   - version: The daemon's version.
    ///   - channels: The words of the notification channels that are configured.
    public static func product(version: String, channels: [String]) -> [Metric] {
        notices + drains + talking(channels: channels) + process(version: version)
    }

    private static let kinds = Label("kind", NoticeKind.allCases.map(\.rawValue))
    private static let strategies = Label("strategy", Strategy.allCases.map(\.rawValue))

    private init(_ name: MetricName, _ kind: Kind, _ help: String, _ labels: [Label] = []) {
        self.init(name.rawValue, kind, help, labels: labels)
    }

    private static var notices: [Metric] {
        [
            Metric(.notices, .counter, "Notices that were seen for the first time.", [kinds, strategies]),
            Metric(.noticesIgnored, .counter, "Notices of kinds that the settings ignore.", [kinds]),
            Metric(.withdrawals, .counter, "Notices that were taken back or went stale.", [kinds]),
            Metric(.plannedMaintenance, .gauge, "Scheduled maintenance that is known and not due yet."),
        ]
    }

    private static var drains: [Metric] {
        let endings: [Report.Ending] = [.empty, .deadlineReached, .withdrawn, .stopped, .givenUp, .failed]
        return [
            Metric(
                .drains, .counter, "Drains that ended.", [strategies, Label("ending", endings.map(\.rawValue))]),
            Metric(
                .rehearsals, .counter,
                "Drains that a dry run only pretended; the other metrics of drains leave them out.",
                [strategies, Label("ending", endings.map(\.rawValue))]),
            Metric(.dryRun, .gauge, "Whether this is a dry run: notices are real, and nothing is done about them."),
            Metric(.drainInProgress, .gauge, "Whether a drain runs now."),
            Metric(
                .secondsToCordon, .histogram(bounds: secondsBounds),
                "Seconds from a notice's arrival to the accepted cordon."),
            Metric(
                .secondsToLastEviction, .histogram(bounds: secondsBounds),
                "Seconds from a notice's arrival to the last accepted evict or delete."),
            Metric(
                .secondsToEmpty, .histogram(bounds: secondsBounds),
                "Seconds from a notice's arrival to the moment at which no pod was left that had to leave."),
            Metric(
                .timeLeft, .histogram(bounds: timeLeftBounds),
                "Seconds that were left to the deadline when a drain ended."),
            Metric(
                .pods, .counter, "Pods by what became of them when a drain ended.",
                [Label("outcome", PodFate.allCases.map(\.rawValue))]),
            Metric(
                .podsEscalated, .counter,
                "Pods that were deleted because their budget, or their own wish, kept them until their time had come."),
            Metric(
                .volumesAttached, .gauge,
                "Volumes that were attached to the node when that was last looked at: at a drain's end, and while a hook waits."
            ),
            Metric(
                .retries, .counter, "Requests of a drain that had to be made again.",
                [Label("cause", RetryCause.allCases.map(\.rawValue))]),
        ]
    }

    private static func talking(channels: [String]) -> [Metric] {
        [
            Metric(
                .metadataRequests, .counter, "Requests to the instance metadata service.",
                [Label("result", MetadataResult.allCases.map(\.rawValue))]),
            Metric(
                .metadataLastGoodAge, .gauge, "Seconds since the instance metadata service last answered as it should."),
            Metric(.metadataFallback, .counter, "Fall-backs to the first version of the instance metadata service."),
            Metric(
                .notifications, .counter, "Messages to people by channel and what became of them.",
                [Label("channel", channels), Label("outcome", NotificationResult.allCases.map(\.rawValue))]),
            Metric(
                .cloudRequests, .counter, "What the cloud was asked and how it ended.",
                [
                    Label("action", CloudAction.allCases.map(\.rawValue)),
                    Label("outcome", CloudResult.allCases.map(\.rawValue)),
                ]),
            Metric(
                .kubernetesRequests, .counter, "Requests to the API server; code none means that no answer came.",
                [
                    Label("verb", KubernetesVerb.allCases.map(\.rawValue)),
                    Label("resource", KubernetesResource.allCases.map(\.rawValue)),
                    Label("code", StatusClass.allCases.map(\.rawValue)),
                ]),
            Metric(.logLinesDropped, .counter, "Log lines that nobody took in time."),
        ]
    }

    private static func process(version: String) -> [Metric] {
        [
            Metric(.buildInfo, .gauge, "Always 1; the label says which version runs.", [Label("version", [version])]),
            Metric(.startTime, .gauge, "When the daemon started, in seconds since 1970-01-01T00:00:00Z."),
            Metric(.processCPU, .counter, "Processor time that the process took, in seconds."),
            Metric(.processMemory, .gauge, "Resident memory of the process, in bytes."),
            Metric(.processOpenFiles, .gauge, "Open file descriptors of the process."),
        ]
    }
}

/// The label values of `kubernetes_requests_total`: the class of the answer's status.
enum StatusClass: String, CaseIterable {
    case success = "2xx"
    case redirection = "3xx"
    case clientError = "4xx"
    case serverError = "5xx"
    case none

    /// The class of an HTTP status; `none` when there was no answer.
    init(status: Int?) {
        switch status {
        case .some(500...): self = .serverError
        case .some(400..<500): self = .clientError
        case .some(300..<400): self = .redirection
        case .some(100..<300): self = .success
        case nil, .some: self = .none
        }
    }
}
