import AWS
import Interruption
import Logging
import Notify
import Status
import Synchronization

/// Turns what the providers and the channels remark into metrics and log lines.
struct SystemRemarks: Sendable {
    let instruments: Instruments
    let logger: Logger
    /// Beats with each proper answer of the metadata service.
    let metadata: Heartbeat
    /// Maintenance that is announced for later.
    let planned = PlannedMaintenance()

    /// What a channel did with a message.
    func note(_ remark: ChannelRemark) {
        let result: NotificationResult =
            switch remark.outcome {
            case .delivered: .sent
            case .refused, .gaveUp: .failed
            case .expired, .stopped: .expired
            case .crowdedOut: .dropped
            }
        instruments.notificationEnded(channel: remark.channel, result)
        var fields: Logger.Metadata = [
            "channel": "\(remark.channel)", "channel.target": "\(remark.redacted)",
            "notification": "\(remark.message.rawValue)", "outcome": "\(remark.outcome.word)",
            "tries": "\(remark.tries)", "seconds": "\(remark.took / .seconds(1))", "reason": "\(remark.outcome.words)",
        ]
        fields["notice.id"] = remark.notice.map { "\($0)" }
        if case .delivered = remark.outcome {
            logger.info("notification delivered", metadata: fields)
        } else {
            logger.warning("notification not delivered; the drain is not concerned", metadata: fields)
        }
    }

    /// What the AWS provider remarks.
    func note(_ remark: AWSRemark) {
        switch remark {
        case .metadataRead(let path, let outcome):
            instruments.metadataRequestEnded(MetadataResult(outcome))
            if outcome == .found || outcome == .absent { metadata.beat() }
            logger.trace("metadata read", metadata: ["path": "\(path)", "outcome": "\(outcome.rawValue)"])
        case .fellBackToV1(let reason):
            instruments.metadataFellBack()
            logger.warning(
                "metadata service answers IMDSv1 only, which is used now",
                metadata: ["reason": "\(reason)", "advice": "set --metadata-tokens required to forbid IMDSv1"])
        case .returnedToV2:
            logger.notice("metadata service answers IMDSv2 again, which is used from now on")
        case .hopLimitSuspected(let words):
            logger.warning("metadata service's token never arrives", metadata: ["reason": "\(words)"])
        case .clockCorrected(let offset):
            logger.warning(
                "clock of this node is off; deadlines follow the metadata service's",
                metadata: [
                    "offset.seconds": "\(offset / .seconds(1))",
                    "advice":
                        "check the node's time service; AWS refuses requests that are signed more than 5 minutes off",
                ])
        case .planned(let work):
            instruments.plannedMaintenance(is: planned.added(work.eventID))
            logger.notice(
                "maintenance planned; nothing is done before its lead time",
                metadata: [
                    "event.id": "\(work.eventID)", "event.code": "\(work.code)",
                    "not.before": "\(work.notBefore.rfc3339)",
                    "notice.from": "\(work.noticeFrom.rfc3339)",
                ])
        case .due(let id):
            // The notice has lines of its own.
            instruments.plannedMaintenance(is: planned.removed(id))
        case .unplanned(let id):
            instruments.plannedMaintenance(is: planned.removed(id))
            logger.notice("planned maintenance is off", metadata: ["event.id": "\(id)"])
        case .unreadable(let source, let reason):
            logger.error(
                "announcement cannot be read; the careful side is assumed",
                metadata: ["source": "\(source)", "reason": "\(reason)"])
        case .hooksNotOurs(let group, let names):
            logger.warning(
                "several termination hooks wait for this machine, and none is completed",
                metadata: [
                    "group": "\(group)", "hooks": "\(names.joined(separator: ", "))",
                    "advice": "name ours with --hook-name (HOOK_NAME)",
                ])
        case .hooksUnknown(let reason):
            logger.warning(
                "how long the group waits for this machine is not known; no budget is overruled on a guess",
                metadata: [
                    "reason": "\(reason)",
                    "advice": "allow autoscaling:DescribeAutoScalingInstances and autoscaling:DescribeLifecycleHooks",
                ])
        case .cloudCall(let action, let outcome):
            // Detaching and completing are counted by their outcome, where the handler tells of it.
            let label = CloudAction(api: action)
            if label != .detach && label != .complete { instruments.cloudRequestEnded(label, CloudResult(outcome)) }
            logger.debug("cloud asked", metadata: ["action": "\(action)", "outcome": "\(outcome.rawValue)"])
        }
    }
}

extension MetadataResult {
    fileprivate init(_ outcome: MetadataOutcome) {
        switch outcome {
        case .found: self = .ok
        case .absent: self = .nothing
        case .unauthorized: self = .unauthorized
        case .forbidden: self = .forbidden
        case .throttled: self = .throttled
        case .failed: self = .error
        case .timedOut: self = .timeout
        case .unreachable: self = .unreachable
        case .garbled: self = .malformed
        }
    }
}

extension CloudAction {
    /// The label for an AWS action.
    fileprivate init(api action: String) {
        switch action {
        case "DetachInstances": self = .detach
        case "RecordLifecycleActionHeartbeat": self = .hold
        case "CompleteLifecycleAction": self = .complete
        case "AssumeRoleWithWebIdentity": self = .credentials
        default: self = action.hasPrefix("Describe") ? .describe : .credentials
        }
    }
}

extension CloudResult {
    fileprivate init(_ outcome: CloudCallOutcome) {
        switch outcome {
        case .succeeded: self = .done
        case .retried: self = .retried
        case .denied: self = .denied
        case .refused, .unanswered: self = .failed
        }
    }
}

/// Counts the maintenance that is announced for later, by the provider's own ids.
final class PlannedMaintenance: Sendable {
    private let ids = Mutex<Set<String>>([])

    /// One more is known; how many there are then.
    func added(_ id: String) -> Int {
        ids.withLock {
            $0.insert(id)
            return $0.count
        }
    }

    /// One is off; how many there are then.
    func removed(_ id: String) -> Int {
        ids.withLock {
            $0.remove(id)
            return $0.count
        }
    }
}
