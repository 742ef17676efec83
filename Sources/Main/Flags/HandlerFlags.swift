import ArgumentParser
import Settings

/// Who we are and where the API server is.
struct ClusterFlags: SettingFlags {
    @Option(help: .setting(.kubeconfig)) var kubeconfig: String?
    @Option(help: .setting(.context)) var context: String?
}

/// Which node this is.
struct NodeFlags: SettingFlags {
    @Option(help: .setting(.nodeName)) var nodeName: String?
    @Option(help: .setting(.podName)) var podName: String?
    @Option(help: .setting(.podNamespace)) var podNamespace: String?
    @Option(help: .setting(.cluster)) var cluster: String?
}

/// What is read from the cloud.
struct CloudFlags: SettingFlags {
    @Option(help: .setting(.provider)) var provider: String?
    @Option(help: .setting(.metadataEndpoint)) var metadataEndpoint: String?
    @Option(help: .setting(.metadataTokens)) var metadataTokens: String?
    @Option(help: .setting(.pollInterval)) var pollInterval: String?
    @Option(help: .setting(.notices)) var notices: [String] = []
    @Option(help: .setting(.maintenanceLead)) var maintenanceLead: [String] = []
    @Option(help: .setting(.rebalanceExpiry)) var rebalanceExpiry: String?
    @Flag(inversion: .prefixedNo, help: .setting(.detachASG)) var detachAsg: Bool?
    @Option(help: .setting(.detachFor)) var detachFor: [String] = []
    @Flag(inversion: .prefixedNo, help: .setting(.completeHooks)) var completeHooks: Bool?
    @Option(help: .setting(.hookName)) var hookName: [String] = []
    @Option(help: .setting(.volumeWait)) var volumeWait: String?
}

/// How a node is emptied.
struct DrainFlags: SettingFlags {
    @Option(help: .setting(.strategy)) var strategy: String?
    @Flag(inversion: .prefixedNo, help: .setting(.escalate)) var escalate: Bool?
    @Option(help: .setting(.gracePeriod)) var gracePeriod: String?
    @Option(help: .setting(.margin)) var margin: String?
    @Flag(inversion: .prefixedNo, help: .setting(.dryRun)) var dryRun: Bool?
    @Option(help: .setting(.volumeMargin)) var volumeMargin: String?
    @Option(help: .setting(.inFlight)) var inFlight: String?
    @Option(help: .setting(.settle)) var settle: String?
}

/// How a node is emptied, by kind of notice.
struct KindFlags: SettingFlags {
    @Option(help: .setting(.strategyFor)) var strategyFor: [String] = []
}

/// What is written on the Node.
struct MarkFlags: SettingFlags {
    @Flag(inversion: .prefixedNo, help: .setting(.taint)) var taint: Bool?
    @Option(help: .setting(.taintEffect)) var taintEffect: String?
    @Option(help: .setting(.noExecuteLead)) var noExecuteLead: String?
    @Option(help: .setting(.taintKeys)) var taintKeys: String?
    @Flag(inversion: .prefixedNo, help: .setting(.excludeFromLoadBalancers)) var excludeFromLoadBalancers: Bool?
    @Flag(inversion: .prefixedNo, help: .setting(.nodeConditions)) var nodeConditions: Bool?
    @Flag(inversion: .prefixedNo, help: .setting(.nodeEvents)) var nodeEvents: Bool?
    @Flag(inversion: .prefixedNo, help: .setting(.podEvents)) var podEvents: Bool?
}

/// What is told about ourselves.
struct StatusFlags: SettingFlags {
    @Option(help: .setting(.metricsAddress)) var metricsAddress: String?
    @Option(help: .setting(.logFormat)) var logFormat: String?
    @Option(help: .setting(.logLevel)) var logLevel: String?
    @Flag(inversion: .prefixedNo, help: .setting(.dryRunIncidents)) var dryRunIncidents: Bool?
}

/// Every flag of the daemon.
struct HandlerFlags: ParsableArguments {
    @OptionGroup(title: "This node") var node: NodeFlags
    @OptionGroup(title: "API server") var cluster: ClusterFlags
    @OptionGroup(title: "Cloud") var cloud: CloudFlags
    @OptionGroup(title: "Drain") var drain: DrainFlags
    @OptionGroup(title: "Drain by kind of notice") var kind: KindFlags
    @OptionGroup(title: "Marks on the Node") var marks: MarkFlags
    @OptionGroup(title: "Status") var status: StatusFlags

    /// What was given, by the setting's name.
    func given() -> [String: [String]] {
        let groups: [any SettingFlags] = [node, cluster, cloud, drain, kind, marks, status]
        return groups.reduce(into: [:]) { $0.merge($1.given()) { first, _ in first } }
    }
}
