public import Interruption

/// What the daemon runs with.
public struct HandlerSettings: Sendable {
    /// This node; `nil` means: read it from our own pod.
    public var nodeName: String?
    /// Our own pod.
    public var ownPod: OwnPod?
    /// The cluster's name in messages.
    public var cluster: String?
    /// The kubeconfig and the context in it.
    public var kubeconfig: (path: String?, context: String?)
    /// The cloud's name.
    public var provider: String
    /// What is read from the cloud.
    public var cloud: CloudSettings
    /// What is settled about every drain.
    public var policy: DrainPolicy
    /// What is written on the Node beside the record.
    public var marks: MarkChoices
    /// Everything but the writes.
    public var isDryRun: Bool
    /// Whether a dry run triggers incidents, too.
    public var rehearsesIncidents: Bool
    /// How much earlier pods with attachable volumes are overruled.
    public var volumeMargin: Duration
    /// How many pods are asked at once.
    public var inFlight: Int
    /// How long after the notice ordinary pods are asked.
    public var settle: Duration
    /// Where the endpoints are served; `nil` for nowhere.
    public var metricsAddress: HostAndPort?
    /// `text` or `json`; `nil` means: by the terminal.
    public var logFormat: LogFormat?
    /// How much is logged, swift-log's own word.
    public var logLevel: String

    /// A pod, by name.
    public struct OwnPod: Sendable, Hashable {
        /// The namespace; empty when it was not given.
        public var namespace: String
        /// The name.
        public var name: String
    }

    /// The form of the log.
    public enum LogFormat: String, Sendable { case text, json }
}

/// What is read from the cloud, and how.
public struct CloudSettings: Sendable, Hashable {
    /// The metadata service's address, without a path.
    public var metadataEndpoint: String
    /// Which version of the metadata service.
    public var metadataTokens: MetadataTokenMode
    /// How often the spot path is read.
    public var pollInterval: Duration
    /// Which announcements are read.
    public var notices: Set<AnnouncementKind>
    /// How long before a maintenance the node is emptied.
    public var maintenanceLead: Duration
    /// The same for single codes.
    public var maintenanceLeadByCode: [String: Duration]
    /// After which time a rebalance advice is taken as withdrawn; `nil` for never.
    public var rebalanceExpiry: Duration?
    /// Whether the instance leaves its group.
    public var detaches: Bool
    /// For which notices.
    public var detachScope: DetachScope
    /// Whether termination hooks are held and completed.
    public var completesHooks: Bool
    /// Those that are ours; empty for the only one.
    public var hookNames: [String]
    /// How long a hook waits for volumes.
    public var volumeWait: Duration

    /// Which versions of the metadata service are used.
    public enum MetadataTokenMode: String, Sendable, CaseIterable { case required, optional, disabled }

    /// What can be read.
    public enum AnnouncementKind: String, Sendable, CaseIterable {
        case spot, rebalance, maintenance
        case scaleIn = "scale-in"
    }
}

/// What is written on the Node beside the record.
public struct MarkChoices: Sendable, Hashable {
    /// Whether the node is tainted.
    public var taints: Bool
    /// The taint's effect.
    public var taintEffect: String
    /// How long before the end a taint that removes pods is put on.
    public var noExecuteLead: Duration
    /// Whether the keys are those of the reference system.
    public var usesReferenceTaintKeys: Bool
    /// Whether load balancers are told; `nil` means: for `scale-in` only.
    public var excludesFromLoadBalancers: Bool?
    /// Whether Node conditions are set.
    public var setsConditions: Bool
    /// Whether Events on the Node are written.
    public var writesNodeEvents: Bool
    /// Whether Events on each pod are written.
    public var writesPodEvents: Bool
}

/// An address to listen on.
public struct HostAndPort: Sendable, Hashable, CustomStringConvertible {
    /// A name or an address, without brackets.
    public var host: String
    /// The port; 0 for any that is free.
    public var port: Int

    /// Reads `host:port`, `[::1]:port` or `:port` (every address); `nil` for anything else.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.contains(where: { $0 == "[" || $0 == "]" }) else { return nil }
        // Linux takes callers of both families there.
        self.host = host.isEmpty ? "::" : String(host)
        self.port = port
    }

    /// `host:port`, an IPv6 address in brackets.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
