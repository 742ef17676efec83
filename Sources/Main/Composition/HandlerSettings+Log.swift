import Interruption
import Logging
import Settings

extension HandlerSettings {
    /// The settings in force, for the one line at start. None of them is secret; the channels tell of theirs by name only.
    var logFields: Logger.Metadata {
        let kinds = NoticeKind.allCases.map { kind in
            "\(kind.rawValue)=\(policy.strategies.strategy(for: kind)?.rawValue ?? "ignore")"
        }
        return [
            "version": "\(Version.text)", "node": "\(nodeName ?? "read from our own pod")",
            "metadata.endpoint": "\(cloud.metadataEndpoint)", "metadata.tokens": "\(cloud.metadataTokens.rawValue)",
            "poll.interval": "\(cloud.pollInterval.settingText)", "strategies": "\(kinds.joined(separator: " "))",
            "escalate": "\(policy.escalates)", "grace.limit": "\(policy.graceLimit?.settingText ?? "the pod's own")",
            "margin": "\(policy.margin.settingText)", "detach.asg": "\(cloud.detaches)",
            "complete.hooks": "\(cloud.completesHooks)", "hook.names": "\(cloud.hookNames.joined(separator: " "))",
            "dry.run": "\(isDryRun)",
            "metrics.address": "\(metricsAddress.map { "\($0)" } ?? "off")",
        ]
    }
}
