import FoundationEssentials
import Simulators

/// A lab, and the real handler that is let loose on it: what every story needs.
struct Stage: Sendable {
    /// The cloud, the channels and the API server's door.
    let lab: Lab
    /// What is behind the door.
    let cluster: KubernetesCluster
    /// A folder of this story's own.
    let folder: String

    /// The node of every story.
    static let node = "node-a"

    /// Builds a stage, plays the story on it, and clears it away whatever happened.
    static func play(
        cluster: KubernetesCluster = ClusterPreset.crowded(3, time: .now),
        changing change: (inout LabConfiguration) -> Void = { _ in },
        _ story: @Sendable (Stage) async throws -> Void
    ) async throws {
        await Seats.stories.take()
        defer { Seats.stories.leave() }
        var configuration = LabConfiguration(nodeName: node, instance: ClusterPreset.demoInstance)
        configuration.serve(cluster)
        change(&configuration)
        let lab = try await Lab.start(configuration)
        let folder = FileManager.default.temporaryDirectory.path + "/story-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let stage = Stage(lab: lab, cluster: cluster, folder: folder)
            try (lab.kubeconfig ?? "").write(toFile: stage.kubeconfig, atomically: true, encoding: .utf8)
            try await story(stage)
        } catch {
            await lab.stop()
            try? FileManager.default.removeItem(atPath: folder)  // left behind it does no harm
            throw error
        }
        await lab.stop()
        try? FileManager.default.removeItem(atPath: folder)  // left behind it does no harm
    }

    /// Where the kubeconfig is.
    var kubeconfig: String { folder + "/kubeconfig" }

    /// The environment in which the handler finds this stage; nothing of the test's own environment gets in.
    func environment(_ more: [String: String] = [:]) -> [String: String] {
        var environment = [
            "PATH": "/usr/bin:/bin", "HOME": folder, "METRICS_ADDRESS": "127.0.0.1:0", "LOG_FORMAT": "json",
        ]
        for (name, value) in lab.environment(kubeconfig: kubeconfig) { environment[name] = value }
        return environment.merging(more) { $1 }
    }

    /// Runs the daemon while `body` plays; answers how it ended and everything it wrote.
    @discardableResult
    func handler(
        _ arguments: [String] = [], _ more: [String: String] = [:], without: Set<String> = [],
        body: @Sendable (RunningProgram) async throws -> Void
    ) async throws -> (end: RunningProgram.End, lines: [String]) {
        let environment = environment(more).filter { !without.contains($0.key) && !$0.value.isEmpty }
        let outcome = try await RunningProgram.run(
            Stage.executable, ["run"] + arguments, environment: environment, body: body)
        return (outcome.end, outcome.lines)
    }

    /// Runs one of the other commands to its end.
    func command(_ arguments: [String], _ more: [String: String] = [:]) async throws -> (
        end: RunningProgram.End, lines: [String]
    ) {
        let outcome = try await RunningProgram.run(
            Stage.executable, arguments, environment: environment(more).filter { !$0.value.isEmpty }
        ) { await $0.untilEnded() }
        return (outcome.end, outcome.lines)
    }

    /// The handler's executable, beside the tests' own.
    static var executable: String {
        let tests = CommandLine.arguments[0]
        let folder = tests.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return ProcessInfo.processInfo.environment["INTERRUPTION_HANDLER"] ?? folder + "/interruption-handler"
    }
}

extension ClusterTime where Self == SystemClusterTime {
    /// The time as it is.
    static var now: SystemClusterTime {
        SystemClusterTime(wall: .microseconds(SystemWallClock().now.microseconds))
    }
}

extension Stage {
    /// Returns when the handler has asked for a spot notice, so that it surely listens.
    func untilListening() async {
        var count = 1
        while !Task.isCancelled {
            let entries = await lab.metadata.log.entries(atLeast: count)
            if entries.contains(where: { $0.request.path.hasSuffix("spot/instance-action") }) { return }
            count = entries.count + 1
        }
    }

    /// The texts that came to Slack, once there are at least `count` of them.
    func slackTexts(atLeast count: Int) async -> [String] {
        var seen = 0
        while !Task.isCancelled {
            let texts = slackTexts
            if texts.count >= count { return texts }
            seen = await lab.webhooks.log.entries(atLeast: seen + 1).count
        }
        return slackTexts
    }

    /// The texts that came to Slack so far.
    var slackTexts: [String] {
        lab.webhooks.received(at: "/slack").compactMap { request in
            try? KubernetesJSON(parsing: request.bodyText)["text"]?.string  // what is no JSON has no text
        }
    }

    /// The names of the pods that are on the node.
    var podNames: [String] {
        cluster.pods(on: Stage.node).compactMap { $0["metadata", "name"]?.string }.sorted()
    }

    /// The Node as it is.
    var node: KubernetesJSON? { cluster.object(.nodes, Stage.node) }

    /// Whether the Node takes pods.
    var isCordoned: Bool { node?["spec", "unschedulable"]?.bool ?? false }

    /// Our record on the Node.
    var record: KubernetesJSON? {
        node?["metadata", "annotations"]?["interruption-handler.io/record"]?.string.flatMap {
            try? KubernetesJSON(parsing: $0)  // what is no JSON is no record
        }
    }

    /// How many requests the API server got.
    var requestCount: Int { cluster.counts.values.reduce(0, +) }
}
