import Simulators
import Testing

/// One thing that is broken, and the line of `check` that names it.
struct Trouble: Sendable, CustomTestStringConvertible {
    /// What is broken.
    let name: String
    /// The exit status.
    let status: Int32
    /// What one line says.
    let words: [String]
    /// What is advised; `nil` when the line itself says it.
    let advice: String?
    let arguments: [String]
    /// `FOLDER` in a value is the story's own folder.
    let variables: [String: String]
    let setting: @Sendable (inout LabConfiguration) -> Void
    let breaking: @Sendable (Stage) async throws -> Void

    init(
        _ name: String, status: Int32 = 1, says words: [String], advises advice: String? = nil,
        _ arguments: [String] = [], _ variables: [String: String] = [:],
        setting: @escaping @Sendable (inout LabConfiguration) -> Void = { _ in },
        breaking: @escaping @Sendable (Stage) async throws -> Void = { _ in }
    ) {
        self.name = name
        self.status = status
        self.words = words
        self.advice = advice
        self.arguments = arguments
        self.variables = variables
        self.setting = setting
        self.breaking = breaking
    }

    var testDescription: String { name }

    /// Every trouble.
    static let all = metadata + cluster + permissions + cloud + settings

    /// With the metadata service.
    static let metadata = [
        Trouble(
            "metadata switched off", says: ["FAIL", "metadata", "switched off"], advises: "HttpEndpoint",
            setting: { $0.access = .off }),
        Trouble(
            "IMDSv1 only where v2 is required", says: ["FAIL", "no IMDSv2", "404"], advises: "--metadata-tokens",
            ["--metadata-tokens", "required"], setting: { $0.access = .v1Only }),
        Trouble(
            "IMDSv1 only where that is allowed", status: 0, says: ["warn", "only IMDSv1 answers"],
            advises: "--metadata-tokens required", setting: { $0.access = .v1Only }),
        Trouble(
            "IMDSv2 only where tokens are disabled", says: ["FAIL", "accepts only IMDSv2"],
            advises: "--metadata-tokens", ["--metadata-tokens", "disabled"]),
        Trouble(
            "the hop limit", says: ["FAIL", "hop limit"], advises: "HttpPutResponseHopLimit",
            setting: { $0.access = MetadataAccess(isBeyondHopLimit: true) }),
        Trouble(
            "the hop limit where IMDSv1 serves", status: 0, says: ["warn", "hop limit", "IMDSv1 answers"],
            advises: "hostNetwork", setting: { $0.access = MetadataAccess(tokens: .optional, isBeyondHopLimit: true) }),
        Trouble(
            "metadata unreachable", says: ["FAIL", "metadata", "cannot be reached"], advises: "--metadata-endpoint",
            breaking: { await $0.lab.servers[.metadata]?.goAway() }),
        Trouble(
            "metadata that hangs", says: ["FAIL", "metadata", "does not answer"], advises: "network policies",
            breaking: { $0.lab.metadata.faults.add(.hang) }),
        Trouble(
            "reads forbidden", says: ["FAIL", "metadata", "403"], advises: "who may ask",
            breaking: { $0.lab.metadata.faults.add(.status(403), to: "/latest/meta-data/*") }),
        Trouble(
            "something else behind the address", says: ["FAIL", "metadata", "instance-id is none"],
            advises: "something else",
            breaking: { $0.lab.metadata.faults.add(.garbage, to: "/latest/meta-data/*") }),
        Trouble(
            "metadata that fails", says: ["FAIL", "metadata", "503"],
            breaking: { $0.lab.metadata.faults.add(.status(503)) }),
    ]

    /// With the API server and the node.
    static let cluster = [
        Trouble(
            "API server unreachable", says: ["FAIL", "api server", "unreachable"], advises: "network policies",
            breaking: { await $0.lab.servers[.kubernetes]?.goAway() }),
        Trouble(
            "API server silent", says: ["FAIL", "api server", "timed out"], advises: "network policies",
            breaking: { $0.lab.servers[.kubernetes]?.silence() }),
        Trouble(
            "wrong authority", says: ["FAIL", "api server", "not trusted"], advises: "authority",
            breaking: { stage in
                let other = try LabCertificates()
                let text = stage.lab.kubeconfig(trusting: other.authorityPEM)
                try stage.write(text, to: "kubeconfig")
            }),
        Trouble(
            "bad token", says: ["FAIL", "api server", "token"], advises: "renew",
            breaking: { $0.cluster.refuse(token: $0.lab.configuration.kubernetesToken) }),
        Trouble(
            "node missing", says: ["FAIL", "node-z: not found"], advises: "kubectl get nodes",
            ["--node-name", "node-z"]),
        Trouble(
            "another machine's node", says: ["FAIL", "node-b is", "this machine is i-0bb697ef2705e5b30"],
            advises: "--node-name", ["--node-name", "node-b"]),
        Trouble(
            "node cordoned", status: 0, says: ["warn", "cordoned already"], advises: "kubectl uncordon",
            breaking: { $0.cluster.change(.nodes, Stage.node) { $0.update("spec") { $0["unschedulable"] = true } } }),
        Trouble(
            "clock behind", status: 0, says: ["warn", "clock", "behind the API server's"], advises: "NTP",
            breaking: { $0.cluster.configure { $0.dateOffset = .seconds(61) } }),
        Trouble(
            "clock ahead", status: 0, says: ["warn", "clock", "ahead of the API server's"], advises: "NTP",
            breaking: { $0.cluster.configure { $0.dateOffset = .seconds(-61) } }),
    ]

    /// With RBAC: each verb.
    static let permissions = [
        ("get", "nodes", true), ("patch", "nodes", true), ("list", "pods", true), ("watch", "pods", true),
        ("create", "pods/eviction", true), ("delete", "pods", true), ("patch", "pods/status", false),
        ("create", "events", false), ("patch", "nodes/status", false),
    ].map { verb, target, isVital in
        Trouble(
            "no \(verb) on \(target)", status: isVital ? 1 : 0,
            says: [isVital ? "FAIL" : "warn", "\(verb) \(target) is not granted"], advises: "ClusterRole",
            ["--node-conditions"], breaking: { $0.cluster.deny(AccessRule([verb], [target])) })
    }

    /// With the cloud's APIs.
    static let cloud = [
        Trouble(
            "no credentials while detaching", says: ["FAIL", "credentials", "no AWS credentials"], advises: "IRSA",
            ["--detach-asg"], breaking: { $0.lab.metadata.update { $0.role = .none } }),
        Trouble(
            "a role that is refused", says: ["FAIL", "credentials", "AssumeRoleUnauthorizedAccess"],
            advises: "trust policy", ["--detach-asg"],
            breaking: { stage in
                stage.lab.metadata.update {
                    $0.role = .failing("r", code: "AssumeRoleUnauthorizedAccess", message: "EC2 cannot assume the role")
                }
            }),
        Trouble(
            "half of the credentials", says: ["FAIL", "credentials", "AWS_SECRET_ACCESS_KEY"], ["--detach-asg"],
            ["AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"]),
        Trouble(
            "describing denied", says: ["FAIL", "auto scaling", "AccessDenied"],
            advises: "autoscaling:DescribeAutoScalingInstances", ["--detach-asg"],
            breaking: { $0.lab.aws.faults.add(.queryError(status: 403, code: "AccessDenied", message: "not allowed")) }
        ),
        Trouble(
            "describing hooks denied", status: 0, says: ["warn", "hooks", "AccessDenied"],
            advises: "autoscaling:DescribeLifecycleHooks",
            breaking: { stage in
                stage.lab.aws.faults.add(
                    FaultRule(
                        .queryError(status: 403, code: "AccessDenied", message: "no"), action: "DescribeLifecycleHooks")
                )
            }),
        Trouble(
            "not in a group", status: 0, says: ["warn", "auto scaling", "no Auto Scaling group"],
            advises: "--detach-asg", ["--detach-asg"], setting: { $0.groups = [] }),
        Trouble(
            "Auto Scaling unreachable", says: ["FAIL", "auto scaling"], advises: "VPC endpoint", ["--detach-asg"],
            breaking: { await $0.lab.servers[.aws]?.goAway() }),
    ]

    /// With the settings; nobody is asked then.
    static let settings = [
        Trouble("a channel's URL", status: 78, says: ["SLACK_URL"], [], ["SLACK_URL": "hooks.slack.com/secret"]),
        Trouble(
            "a file that is not there", status: 78, says: ["SLACK_URL_FILE"], [],
            ["SLACK_URL": "", "SLACK_URL_FILE": "FOLDER/none"]),
        Trouble("a context", status: 78, says: ["context", "elsewhere"], ["--context", "elsewhere"]),
        Trouble("a kubeconfig", status: 78, says: ["kubeconfig", "none"], [], ["KUBECONFIG": "FOLDER/none"]),
        Trouble("a flag", status: 64, says: ["--poll-interval: 'often'"], ["--poll-interval", "often"]),
        Trouble("a variable", status: 78, says: ["MARGIN: 'wide'"], [], ["MARGIN": "wide"]),
        Trouble("no node", status: 78, says: ["NODE_NAME", "POD_NAME"], [], ["NODE_NAME": ""]),
    ]
}
