import FoundationEssentials
import Simulators

/// The lab, the cluster and the inbox around the handler that is soaked.
struct SoakStage: Sendable {
    /// The cloud and the API server's door.
    let lab: Lab
    /// What is behind the door.
    let cluster: KubernetesCluster
    /// What the channels got.
    let inbox: Inbox
    /// What goes wrong with the channels.
    let inboxFaults: FaultScript
    /// Where the channels are served.
    let channels: LabServer
    /// A folder for the kubeconfig and the token.
    let folder: String

    /// The node that is taken away again and again.
    static let node = "node-a"
    /// How long a maintenance is a notice before it begins.
    static let maintenanceLead = Duration.seconds(600)

    /// Builds a stage, runs `body` on it, and clears it away whatever happened.
    static func run<Value: Sendable>(
        seed: UInt64, _ body: @Sendable (SoakStage) async throws -> Value
    ) async throws -> Value {
        let time = SystemClusterTime(wall: .microseconds(SystemWallClock().now.microseconds))
        let cluster = ClusterPreset.empty(time: time, seed: seed, nodes: [node, "node-b"])
        var access = MetadataAccess.v2Only
        access.longestTokenLife = 8
        var configuration = LabConfiguration(
            nodeName: node, instance: ClusterPreset.demoInstance, access: access, seed: seed)
        configuration.serve(cluster)
        let lab = try await Lab.start(configuration)
        let (inbox, faults) = (Inbox(), FaultScript(seed: seed))
        let channels = LabServer(FaultyService(inbox, faults: faults))
        let folder = FileManager.default.temporaryDirectory.path + "/interruption-soak-\(UUID().uuidString)"
        let result: Result<Value, any Error>
        do {
            _ = try await channels.start()
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let stage = SoakStage(
                lab: lab, cluster: cluster, inbox: inbox, inboxFaults: faults, channels: channels, folder: folder)
            try stage.write(token: configuration.kubernetesToken)
            let kubeconfig = (lab.kubeconfig ?? "").replacing(
                "token: \(configuration.kubernetesToken)", with: "tokenFile: \(folder)/token")
            try kubeconfig.write(toFile: "\(folder)/kubeconfig", atomically: true, encoding: .utf8)
            result = .success(try await body(stage))
        } catch {
            result = .failure(error)
        }
        await channels.stop()
        await lab.stop()
        try? FileManager.default.removeItem(atPath: folder)  // left behind it does no harm
        return try result.get()
    }

    /// Puts a token where the handler looks for it, as the kubelet does: at once and whole.
    func write(token: String) throws {
        try token.write(toFile: "\(folder)/token", atomically: true, encoding: .utf8)
    }

    /// The handler's whole environment.
    var environment: [String: String] {
        let port = channels.port ?? 0
        var environment = [
            "PATH": "/usr/bin:/bin", "HOME": folder, "METRICS_ADDRESS": "127.0.0.1:0", "LOG_FORMAT": "json",
            "POLL_INTERVAL": "100ms", "DETACH_ASG": "true", "TAINT": "true", "EXCLUDE_FROM_LOAD_BALANCERS": "true",
            "NODE_CONDITIONS": "true", "MAINTENANCE_LEAD": "\(Self.maintenanceLead.components.seconds)s",
        ]
        let others: Set = ["SLACK_URL", "MATTERMOST_WEBHOOK", "SEMATEXT_URL"]
        for (name, value) in lab.environment(kubeconfig: "\(folder)/kubeconfig") where !others.contains(name) {
            environment[name] = value
        }
        environment["SLACK_URL"] = "http://127.0.0.1:\(port)\(Inbox.slack)/services/T0/B0/soak"
        environment["WEBHOOK_URL"] = "http://127.0.0.1:\(port)\(Inbox.hook)"
        return environment
    }

    /// The Node as it is.
    var nodeObject: KubernetesJSON? { cluster.object(.nodes, SoakStage.node) }

    /// Whether the Node takes pods.
    var isCordoned: Bool { nodeObject?["spec", "unschedulable"]?.bool ?? false }

    /// What is left of us on the Node, in words; empty when it was given back whole.
    var traces: [String] {
        guard let node = nodeObject else { return ["the node is gone"] }
        var traces = isCordoned ? ["cordoned"] : []
        let exclusion = "node.kubernetes.io/exclude-from-external-load-balancers"
        if node["metadata", "annotations"]?["interruption-handler.io/record"] != nil { traces.append("the record") }
        if node["metadata", "labels"]?[exclusion] != nil { traces.append("the label") }
        let taints = (node["spec", "taints"]?.array ?? []).compactMap { $0["key"]?.string }
        // The cluster's own taint follows the cordon with some delay. As long as it is there the next drain, should it not get to read
        // the node, must take it for somebody else's cordon.
        traces += taints.filter { $0.hasPrefix("interruption-handler.io/") || $0 == "node.kubernetes.io/unschedulable" }
            .map { "the taint \($0)" }
        let conditions = (node["status", "conditions"]?.array ?? []).compactMap { $0["type"]?.string }
        return traces + conditions.filter { ["DrainInProgress", "Drained", "MaintenancePlanned"].contains($0) }
    }

    /// How many pods are on the Node.
    var podCount: Int { cluster.pods(on: SoakStage.node).count }

    /// Connections that are open at all servers together.
    var openConnections: Int {
        lab.servers.values.reduce(channels.openConnectionCount) { $0 + $1.openConnectionCount }
    }

    /// Requests that a fault hit.
    var faultCount: Int { lab.faults.values.reduce(inboxFaults.sufferedCount) { $0 + $1.sufferedCount } }
}
