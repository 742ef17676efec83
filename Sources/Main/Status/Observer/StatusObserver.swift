public import Interruption
public import Logging
import Synchronization

/// Turns the handler's news into metrics and log lines.
///
/// Levels by audience: what a person wants to know about the node is `info` or `notice`, what a person has to mend is `warning` and says
/// how, the single steps are `debug`.
public final class StatusObserver: Sendable {
    private struct Memory {
        var kinds: [NoticeID: NoticeKind] = [:]
        var repetition = Repetition()
    }

    /// How many notices are remembered by kind until they are withdrawn; a machine has a handful in its life.
    private static let kindLimit = 256

    let instruments: Instruments
    let logger: Logger
    /// Whether it is a dry run that is observed: its drains are counted apart, and every line says so.
    let isRehearsal: Bool
    private let memory = Mutex(Memory())

    /// An observer that counts with `instruments` and writes to `logger`.
    public init(instruments: Instruments, logger: Logger, isRehearsal: Bool = false) {
        self.instruments = instruments
        self.logger = logger
        self.isRehearsal = isRehearsal
    }

    /// Takes one piece of news; returns at once.
    public func observe(_ news: NodeNews) {
        switch news {
        case .noticeSeen(let plan, let timeLeft):
            remember(plan.notice)
            instruments.count(.notices, [("kind", plan.notice.kind.rawValue), ("strategy", plan.strategy.rawValue)])
            log(.notice, "notice seen: this machine will go away", .of(plan, timeLeft: timeLeft))
        case .noticeIgnored(let notice):
            remember(notice)
            instruments.count(.noticesIgnored, [("kind", notice.kind.rawValue)])
            log(.info, "notice seen; the settings ignore its kind", .of(notice))
        case .resumed(let plan, let timeLeft):
            remember(plan.notice)
            log(.notice, "drain of an earlier life goes on", .of(plan, timeLeft: timeLeft))
        case .deadlineMoved(let deadline, let timeLeft):
            log(.notice, "deadline moved", .of(deadline, timeLeft: timeLeft))
        case .recordFound(let entry, let outlook, let isUnschedulable):
            log(.notice, "record found on the Node", .of(entry, outlook, isUnschedulable: isUnschedulable))
        case .uncordoned(let ids, let plan):
            uncordoned(givingUp: ids, insistingOn: plan)
        case .withdrawn(let id, let reason):
            withdrawn(id, because: reason)
        case .drainBegun(let plan):
            if !isRehearsal { instruments.set(.drainInProgress, to: 1) }
            log(
                .info, "drain begins",
                LogFields.of(plan.notice).adding([
                    .strategy: .string(plan.strategy.rawValue), .margin: .seconds(plan.margin),
                ]))
        case .drain(let progress):
            observe(progress)
        case .drainEnded(let report):
            drainEnded(report)
        case .detached(let outcome):
            instruments.cloudRequestEnded(.detach, CloudResult(outcome))
            tell(outcome, done: "machine detached from its group", failed: "machine not detached from its group")
        case .hookCompleted(let outcome):
            instruments.cloudRequestEnded(.complete, CloudResult(outcome))
            tell(outcome, done: "cloud told to go on", failed: "cloud not told to go on; it waits for its own timeout")
        case .gaveBack(let reason, let leftovers):
            gaveBack(because: reason, leftovers)
        case .giveBackFailed, .sourceDegraded, .sourceHealthy, .recordUnreadable:
            observeTrouble(news)
        }
    }

    /// Writes a line; the fields are made only when somebody wants it.
    func log(_ level: Logger.Level, _ message: Logger.Message, _ fields: @autoclosure () -> LogFields) {
        logger.log(level: level, isRehearsal ? "dry run: \(message)" : message, metadata: fields().metadata)
    }
}

extension StatusObserver {
    private func remember(_ notice: Notice) {
        memory.withLock {
            if $0.kinds.count >= StatusObserver.kindLimit { $0.kinds = [:] }
            $0.kinds[notice.id] = notice.kind
        }
    }

    private func withdrawn(_ id: NoticeID, because reason: String) {
        let kind = memory.withLock { $0.kinds.removeValue(forKey: id) }
        instruments.count(.withdrawals, [("kind", kind?.rawValue ?? Metric.foldedValue)])
        log(
            .notice, "notice taken back",
            [.noticeID: .string(id.rawValue), .noticeKind: kind.map { .string($0.rawValue) }, .reason: .string(reason)])
    }

    private func gaveBack(because reason: String, _ leftovers: [String]) {
        memory.withLock { $0.repetition.ended("give-back") }
        guard !leftovers.isEmpty else {
            return log(.notice, "node given back", [.reason: .string(reason)])
        }
        log(
            .warning, "node given back, but something of ours is left on it",
            [
                .reason: .string(reason), .leftovers: .list(leftovers),
                .advice: "remove the leftovers from the Node by hand",
            ])
    }

    private func uncordoned(givingUp ids: [NoticeID], insistingOn plan: Plan?) {
        guard let plan else {
            return log(
                .warning, "node uncordoned by a person; nobody else is moved for these notices",
                [
                    .notices: .list(ids.map(\.rawValue)),
                    .advice: "cordon and drain the node by hand when that was not meant",
                ])
        }
        log(
            .warning, "node uncordoned by a person, and cordoned again: this machine will be lost",
            LogFields.of(plan.notice).adding([
                .deadline: .string(plan.notice.deadline.wall.rfc3339),
                .advice:
                    "pods that come to this node now are lost with it; ignore the kind with --strategy-for to keep it in service",
            ]))
    }

    private func tell(_ outcome: CloudOutcome, done: Logger.Message, failed: Logger.Message) {
        switch outcome {
        case .done(let words):
            log(.info, done, [.reason: .string(words)])
        case .notNeeded(let words):
            log(.info, "cloud has nothing to do for us", [.reason: .string(words)])
        case .rehearsed(let words):
            log(.info, "cloud is not asked", [.reason: .string(words)])
        case .failed(let words):
            log(
                .warning, failed,
                [
                    .reason: .string(words),
                    .advice: "check the permissions and limits of this machine's role in the cloud",
                ])
        }
    }

    private func observeTrouble(_ news: NodeNews) {
        switch news {
        case .sourceDegraded(let source, let reason):
            warn(
                "source-\(source)", "metadata source does not answer as it should; a notice may come late",
                [
                    .source: .string(source), .reason: .string(reason),
                    .advice: "check that the metadata service is switched on and reachable from this pod",
                ])
        case .sourceHealthy(let source):
            memory.withLock { $0.repetition.ended("source-\(source)") }
            log(.notice, "metadata source answers again", [.source: .string(source)])
        case .giveBackFailed(let reason):
            warn(
                "give-back", "node not given back yet; it is tried again",
                [.reason: .string(reason), .advice: "check that the API server answers and allows to patch this Node"])
        case .recordUnreadable(let reason):
            warn(
                "record",
                "record on the Node cannot be read; it is tried again, and new notices are answered all the same",
                [.reason: .string(reason), .advice: "check that the API server answers and allows to get this Node"])
        default:
            break
        }
    }

    /// Warns at the first time and ever more rarely afterwards; the times between are for those who look closely.
    private func warn(_ trouble: String, _ message: Logger.Message, _ fields: LogFields) {
        let occurrence = memory.withLock { $0.repetition.happened(trouble) }
        log(
            Repetition.isWorthTelling(occurrence) ? .warning : .debug, message,
            fields.adding([.occurrences: .count(occurrence)]))
    }
}
