/// One setting: how it is named on the command line and in the environment, and what it is for.
public struct Setting: Sendable, Hashable {
    /// The flag's name without dashes, such as `poll-interval`.
    public let name: String
    /// Environment variables that set it, the first of them that is not empty counts; a flag wins over all.
    public let variables: [String]
    /// The default as people read it.
    public let fallback: String
    /// What is accepted, as people read it.
    public let accepts: String
    /// What it is for.
    public let help: String
    /// How the flag is given.
    public let form: Form

    /// How a flag is given.
    public enum Form: Sendable, Hashable {
        /// `--name VALUE`
        case value
        /// `--name VALUE`, any number of times; in a variable separated by commas.
        case repeated
        /// `--name`, and `--no-name` for the opposite; in a variable `true` or `false`.
        case toggle
    }

    /// A setting; the variable is the flag's name in upper case with underscores, `others` are older names of it.
    init(
        _ name: String, _ form: Form = .value, or others: [String] = [], default fallback: String, accepts: String,
        _ help: String
    ) {
        self.name = name
        self.form = form
        self.variables = [Setting.variable(for: name)] + others
        self.fallback = fallback
        self.accepts = accepts
        self.help = help
    }

    private static func variable(for name: String) -> String {
        String(name.uppercased().map { $0 == "-" ? "_" : $0 })
    }
}

extension Setting {
    /// The name of this node.
    public static let nodeName = Setting(
        "node-name", default: "read from the pod", accepts: "a node's name",
        "This node. Without it, POD_NAME and NAMESPACE must be there, and the node is read from that pod.")
    /// The name of our own pod.
    public static let podName = Setting(
        "pod-name", default: "none", accepts: "a pod's name", "Our own pod, which never drains itself.")
    /// The namespace of our own pod.
    public static let podNamespace = Setting(
        "pod-namespace", or: ["NAMESPACE"], default: "none", accepts: "a namespace", "The namespace of our own pod.")
    /// The name of the cluster.
    public static let cluster = Setting(
        "cluster", default: "none", accepts: "any text", "The cluster's name in messages.")
    /// The kubeconfig file.
    public static let kubeconfig = Setting(
        "kubeconfig", default: "in-cluster, else ~/.kube/config", accepts: "a path (a list separated by ':')",
        "Where the API server is and who we are there.")
    /// The context within the kubeconfig.
    public static let context = Setting(
        "context", or: ["KUBE_CONTEXT"], default: "the kubeconfig's own", accepts: "a context's name",
        "Which context of the kubeconfig.")
    /// The cloud.
    public static let provider = Setting("provider", default: "aws", accepts: "aws", "Which cloud this machine is of.")
    /// The metadata service.
    public static let metadataEndpoint = Setting(
        "metadata-endpoint", or: ["AWS_EC2_METADATA_SERVICE_ENDPOINT", "INSTANCE_METADATA_URL", "NOTICE_URL"],
        default: "http://169.254.169.254", accepts: "an http(s) URL",
        "The instance metadata service; a whole notice URL, as the older handlers want it, is cut to its service."
    )
    /// Which version of the metadata service.
    public static let metadataTokens = Setting(
        "metadata-tokens", default: "optional", accepts: "required, optional or disabled",
        "required = IMDSv2 only; optional = IMDSv2, loud fall-back to v1; disabled = v1 only.")
    /// How often the spot path is read.
    public static let pollInterval = Setting(
        "poll-interval", default: "1s",
        accepts: "100ms to 60s, such as 500ms or 2s; a bare number is seconds",
        "How often the spot paths are read.")
    /// Which notices are listened for.
    public static let notices = Setting(
        "notices", .repeated, default: "spot, rebalance, maintenance, scale-in",
        accepts: "spot, rebalance, maintenance, scale-in", "Which announcements are read.")
    /// How long before a maintenance the node is emptied.
    public static let maintenanceLead = Setting(
        "maintenance-lead", .repeated, default: "30m", accepts: "a duration, or CODE=DURATION",
        "How long before its NotBefore a scheduled maintenance is acted on; per code, such as instance-reboot=10m.")
    /// How long a rebalance advice stands.
    public static let rebalanceExpiry = Setting(
        "rebalance-expiry", default: "1h", accepts: "a duration, or never",
        "After this time without an interruption a rebalance advice is taken as withdrawn.")
    /// Whether the instance leaves its group.
    public static let detachASG = Setting(
        "detach-asg", .toggle, default: "off", accepts: "anything but false",
        "Detach this instance from its Auto Scaling group, desired capacity unchanged.")
    /// For which notices the instance leaves its group.
    public static let detachFor = Setting(
        "detach-for", .repeated, default: "reclaim, maintenance, scale-in",
        accepts: "reclaim, maintenance, scale-in, rebalance, returning",
        "For which kinds of notice --detach-asg detaches; returning adds machines that come back from a reboot or stop."
    )
    /// Whether hooks are completed.
    public static let completeHooks = Setting(
        "complete-hooks", .toggle, default: "on", accepts: "true or false",
        "Hold the group's termination hook while the node is emptied, and complete it then.")
    /// Which hooks are ours.
    public static let hookName = Setting(
        "hook-name", .repeated, default: "the only one that the group has", accepts: "a lifecycle hook's name",
        "The termination hooks that are ours; where a group has several and none is named, none is completed.")
    /// How long a hook waits for volumes.
    public static let volumeWait = Setting(
        "volume-wait", default: "60s", accepts: "a duration up to 30m, 0 for not at all",
        "How long a hook is held after the node is empty until its volumes are detached.")
    /// How much earlier pods with volumes have to leave.
    public static let volumeMargin = Setting(
        "volume-margin", default: "20s", accepts: "a duration up to 10m",
        "How much earlier a pod with attachable volumes is overruled where no hook waits, so that they can be detached."
    )
    /// How a node is emptied.
    public static let strategy = Setting(
        "strategy", default: "evict", accepts: "evict, delete or cordon-only", "How the node is emptied.")
    /// How a node is emptied, by kind of notice.
    public static let strategyFor = Setting(
        "strategy-for", .repeated, default: "rebalance=cordon-only",
        accepts: "KIND=STRATEGY with KIND reclaim, rebalance, maintenance or scale-in; STRATEGY also ignore",
        "The strategy for one kind of notice.")
    /// Whether pods are deleted at last.
    public static let escalate = Setting(
        "escalate", .toggle, default: "on", accepts: "true or false",
        "Delete what the budgets still refuse when its time has come.")
    /// The upper bound for a pod's grace.
    public static let gracePeriod = Setting(
        "grace-period", or: ["POD_TERMINATION_GRACE_PERIOD"], default: "the pod's own",
        accepts: "a duration of at least 1s; a bare number is seconds; negative for the pod's own",
        "An upper bound for each pod's grace.")
    /// What is kept free before the deadline.
    public static let margin = Setting(
        "margin", default: "5s", accepts: "a duration up to 10m", "Kept free before the deadline.")
    /// Everything but the writes.
    public static let dryRun = Setting(
        "dry-run", .toggle, default: "off", accepts: "true or false",
        "Everything but the writes, to the cluster and to the cloud, each of them logged; messages say that it is one.")
    /// Whether a dry run triggers incidents.
    public static let dryRunIncidents = Setting(
        "dry-run-incidents", .toggle, default: "off", accepts: "true or false",
        "In a dry run, tell PagerDuty too, which wakes somebody up.")
    /// How many requests at once.
    public static let inFlight = Setting(
        "in-flight", default: "94", accepts: "a number of 1 to 1000",
        "How many pods are asked to leave at once; API servers take about 100 requests on one connection.")
    /// How long pods go on serving.
    public static let settle = Setting(
        "settle", default: "0s", accepts: "a duration up to 1h",
        "How long after the notice ordinary pods are asked to leave, so that load balancers let go of the node first.")
    /// Whether the node is tainted.
    public static let taint = Setting(
        "taint", .toggle, or: ["TAINT_NODE"], default: "off", accepts: "true or false",
        "Taint the node, a key per kind.")
    /// The taint's effect.
    public static let taintEffect = Setting(
        "taint-effect", default: "NoSchedule", accepts: "NoSchedule, PreferNoSchedule or NoExecute",
        "The taint's effect.")
    /// When pods that only the taint removes are told.
    public static let noExecuteLead = Setting(
        "no-execute-lead", default: "30s", accepts: "a duration up to 1h",
        "How long before the end a taint with NoExecute is put on at the latest; it is put on when the drain is over.")
    /// Whose taint keys.
    public static let taintKeys = Setting(
        "taint-keys", default: "own", accepts: "own or aws-node-termination-handler",
        "Keys interruption-handler.io/KIND, or those that aws-node-termination-handler uses.")
    /// Whether load balancers are told.
    public static let excludeFromLoadBalancers = Setting(
        "exclude-from-load-balancers", .toggle, default: "on for scale-in, else off", accepts: "true or false",
        "Label the node node.kubernetes.io/exclude-from-external-load-balancers.")
    /// Whether Node conditions are set.
    public static let nodeConditions = Setting(
        "node-conditions", .toggle, default: "off", accepts: "true or false",
        "Set the Node conditions DrainInProgress, Drained and MaintenancePlanned (KEP-5683).")
    /// Whether Events on the Node are written.
    public static let nodeEvents = Setting(
        "node-events", .toggle, default: "on", accepts: "true or false", "Write Kubernetes Events on the Node.")
    /// Whether Events on each pod are written.
    public static let podEvents = Setting(
        "pod-events", .toggle, default: "off", accepts: "true or false",
        "Write a Kubernetes Event on each pod; costs one request a pod.")
    /// Where the endpoints are served.
    public static let metricsAddress = Setting(
        "metrics-address", default: "127.0.0.1:9092 (SPOT_POD_IP:9092 where that is set)", accepts: "HOST:PORT, or off",
        "Where /metrics, /healthz and /readyz are served.")
    /// The form of the log.
    public static let logFormat = Setting(
        "log-format", default: "text on a terminal, else json", accepts: "text or json", "The form of the log's lines.")
    /// How much is logged.
    public static let logLevel = Setting(
        "log-level", default: "info (debug where VERBOSE is set)",
        accepts: "trace, debug, info, notice, warning or error", "How much is logged.")

    /// Every setting of the daemon, in the order in which they are documented.
    public static let all: [Setting] = [
        nodeName, podName, podNamespace, cluster, kubeconfig, context, provider, metadataEndpoint, metadataTokens,
        pollInterval, notices, maintenanceLead, rebalanceExpiry, detachASG, detachFor, completeHooks, hookName,
        volumeWait,
        volumeMargin, strategy, strategyFor, escalate, gracePeriod, margin, dryRun, dryRunIncidents, inFlight, settle,
        taint, taintEffect, noExecuteLead, taintKeys, excludeFromLoadBalancers, nodeConditions, nodeEvents,
        podEvents, metricsAddress, logFormat, logLevel,
    ]
}
