public import Interruption
import Logging

extension StatusObserver {
    /// Takes news of the running drain.
    func observe(_ progress: DrainProgress) {
        switch progress {
        case .cordoned(let after, let alreadyCordoned):
            if !isRehearsal { instruments.observe(.secondsToCordon, after) }
            log(
                .notice, alreadyCordoned ? "node was cordoned already" : "node cordoned",
                [.secondsToCordon: .seconds(after)])
        case .uncordoned:
            break  // what follows from it is told
        case .found(let pods):
            found(pods)
        case .pod(let pod):
            podChanged(pod)
        case .retry(let cause, let reason):
            instruments.count(.retries, [("cause", cause.rawValue)])
            log(
                .debug, "request is made again",
                [.retryCause: .string(cause.rawValue), .reason: reason.map { .string($0) }])
        case .remark(let words):
            log(
                .warning, "step of the drain failed; it delays nothing",
                [.reason: .string(words), .advice: "check the permissions of this pod's service account"])
        }
    }

    /// Takes the report at a drain's end.
    func drainEnded(_ report: Report) {
        count(report)
        log(report.isGood ? .notice : .warning, report.endingMessage, .of(report))
    }

    /// Takes news of the volumes for which the cloud is kept waiting.
    public func observe(_ news: VolumeNews) {
        switch news {
        case .attached(let number):
            instruments.set(.volumesAttached, to: Double(number))
        case .remain(let names):
            log(
                .warning, "volumes are still attached; the cloud is not kept waiting any longer",
                [
                    .volumes: .list(names),
                    .advice: "see what keeps them, or set --volume-wait to more time",
                ])
        }
    }

    private func count(_ report: Report) {
        let labels = [("strategy", report.strategy.rawValue), ("ending", report.ending.rawValue)]
        guard !isRehearsal else { return instruments.count(.rehearsals, labels) }
        instruments.set(.drainInProgress, to: 0)
        if let volumes = report.volumesAttached { instruments.set(.volumesAttached, to: Double(volumes)) }
        instruments.count(.drains, labels)
        if let duration = report.toLastRequest { instruments.observe(.secondsToLastEviction, duration) }
        if let duration = report.toEmpty { instruments.observe(.secondsToEmpty, duration) }
        // How much is left of what nobody knows is no figure.
        if report.notice.deadline.certainty != .open { instruments.observe(.timeLeft, report.timeLeft) }
        for fate in PodFate.allCases {
            instruments.count(.pods, [("outcome", fate.rawValue)], by: report.count(fate))
        }
        instruments.count(.podsEscalated, by: report.pods.count { $0.escalated })
    }

    private func found(_ pods: [PodOutcome]) {
        let staying = pods.count { $0.fate == .skipped }
        var fields: LogFields = [:]
        fields.set("pods.leaving", .count(pods.count - staying))
        fields.set("pods.staying", .count(staying))
        log(.info, "pods found on the node", fields)
        guard logger.logLevel <= .debug else { return }
        for pod in pods where pod.fate == .skipped { log(.debug, "pod stays", .of(pod)) }
    }

    private func podChanged(_ pod: PodOutcome) {
        switch pod.fate {
        case .evicted, .deleted, .gone:
            log(.info, pod.escalated ? "pod left after its budget was overruled" : "pod left", .of(pod))
        case .terminating where pod.escalated:
            log(.notice, "budget overruled: its pod's own time has come", .of(pod))
        case .terminating:
            log(.debug, "pod was asked to leave", .of(pod))
        case .blocked:
            log(
                .warning, "pod's budget refuses",
                LogFields.of(pod).adding([.advice: "give the budget room, for example by another replica"]))
        case .failed:
            log(
                .warning, "pod cannot be moved",
                LogFields.of(pod).adding([.advice: "check the API server's answer in pod.detail"]))
        case .skipped, .waiting:
            log(.debug, pod.fate == .skipped ? "pod stays" : "pod waits for its turn", .of(pod))
        }
    }
}
