import ArgumentParser
import FoundationEssentials
import Simulators
import Synchronization

/// The demonstration: a real handler beside a simulated node that the cloud takes away.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a real handler against a simulated node with some twenty pods, and take the node away.",
        discussion: "Exit status: 0 when the node was emptied in time, 1 when it was not.")

    @Option(help: "The handler's executable.", completion: .file())
    var handler = ".build/release/interruption-handler"

    @Option(name: .customLong("in"), help: "How long the cloud leaves the node.")
    var notice = "25s"

    @Flag(help: "Show the handler's own log lines too.")
    var verbose = false

    func run() async throws {
        guard let notice = Duration(text: notice) else { throw ValidationError("--in is no duration") }
        let time = SystemClusterTime(wall: .microseconds(SystemWallClock().now.microseconds))
        let cluster = ClusterPreset.demo(time: time)
        var configuration = LabConfiguration(nodeName: "node-a", instance: ClusterPreset.demoInstance)
        configuration.serve(cluster)
        let lab = try await Lab.start(configuration)
        let folder = FileManager.default.temporaryDirectory.path + "/interruption-demo-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let isEmpty = try await show(lab, cluster, folder: folder, notice: notice)
            try? FileManager.default.removeItem(atPath: folder)  // a folder in the temporary one does no harm
            await lab.stop()
            if !isEmpty { throw ExitCode(1) }
        } catch {
            await lab.stop()
            throw error
        }
    }

    private func show(_ lab: Lab, _ cluster: KubernetesCluster, folder: String, notice: Duration) async throws -> Bool {
        let kubeconfig = folder + "/kubeconfig"
        try (lab.kubeconfig ?? "").write(toFile: kubeconfig, atomically: true, encoding: .utf8)
        var environment = ["PATH": "/usr/bin:/bin", "CLUSTER": "demo", "METRICS_ADDRESS": "off", "LOG_FORMAT": "text"]
        for (name, value) in lab.environment(kubeconfig: kubeconfig) where !["SEMATEXT_URL"].contains(name) {
            environment[name] = value
        }
        let view = DemoView(lab: lab, cluster: cluster, node: "node-a")
        view.say("A spot node with \(cluster.pods(on: "node-a").count) pods; the handler starts and listens.")
        let outcome = try await RunningProgram.run(handler, ["run"], environment: environment) { program in
            guard await program.line(containing: "interruption-handler starts") != nil,
                await view.metadataWasAsked()
            else { return false }
            view.say("The cloud takes the node away: \(notice) are left.")
            lab.metadata.noticeSpot(in: notice)
            let isEmpty = await view.follow(until: ContinuousClock().now + notice + .seconds(2))
            view.report()
            program.send(.terminate)
            await program.untilEnded()
            return isEmpty
        }
        if verbose || !outcome.value {
            for line in outcome.lines { view.say("  | \(line)") }
        }
        view.say("The handler was told to stop and ended: \(outcome.end).")
        return outcome.value
    }
}
