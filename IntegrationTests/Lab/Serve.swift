import ArgumentParser
import FoundationEssentials
import Simulators

/// Serves everything until it is asked to end.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve metadata, AWS, notification channels and Kubernetes on loopback.")

    @OptionGroup var instance: InstanceOptions

    @Option(help: "The name of the node that is taken away.")
    var nodeName = "ip-10-0-0-42.ec2.internal"

    @Option(help: "How many ordinary pods run on the node.")
    var pods = 10

    @Option(help: "By how many bytes each pod's object is larger than it need be, as in real life: 61440, for example.")
    var padding = 0

    @Option(help: "Answer evictions only every so often, such as 100ms, as real API servers do.")
    var evictionTick: String?

    @Flag(help: "Put the ordinary pods under one budget that allows all, and let evictions race for it.")
    var sharedBudget = false

    @Flag(help: "Serve the cluster of the demonstration instead: node-a with pods and budgets of every kind.")
    var demo = false

    @Option(help: "The address to listen on. Anything but loopback lets others give orders to this lab.")
    var listen = "127.0.0.1"

    @Option(help: "Port of the metadata service; 0 takes a free one.")
    var metadataPort = 0

    @Option(help: "Port of Auto Scaling and STS; 0 takes a free one.")
    var awsPort = 0

    @Option(help: "Port of the notification channels; 0 takes a free one.")
    var webhooksPort = 0

    @Option(help: "Port of the Kubernetes API; 0 takes a free one.")
    var kubernetesPort = 0

    @Option(help: "Port of the control API; 0 takes a free one.")
    var controlPort = 0

    @Flag(inversion: .prefixedNo, help: "Whether the metadata service closes the connection after each answer.")
    var closeMetadataConnections = true

    @Option(help: "Write the handler's variables to this file.", completion: .file())
    var envFile: String?

    @Option(help: "Write a kubeconfig to this file.", completion: .file())
    var kubeconfig: String?

    @Flag(help: "Print the variables instead of one line of JSON.")
    var text = false

    func validate() throws {
        // Real API servers keep no object of more than 1.5 MiB.
        guard (0...1_500_000).contains(padding) else { throw ValidationError("--padding must be 0 to 1500000 bytes.") }
    }

    func run() async throws {
        let lab = try await Lab.start(try labConfiguration())
        let control = LabServer(
            ControlService(lab), configuration: LabServerConfiguration(addresses: [listen], port: controlPort))
        do {
            let port = try await control.start()
            try announce(lab, controlPort: port)
        } catch {
            await control.stop()
            await lab.stop()
            throw error
        }
        await untilAskedToEnd()
        await control.stop()
        await lab.stop()
    }

    private func labConfiguration() throws -> LabConfiguration {
        let tick = try evictionTick.map { text in
            guard let tick = Duration(text: text) else { throw ValidationError("--eviction-tick is no duration") }
            return tick
        }
        let time = SystemClusterTime(wall: .microseconds(SystemWallClock().now.microseconds))
        let simulated = demo ? ClusterPreset.demoInstance : instance.instance
        let node = demo ? "node-a" : nodeName
        var configuration = LabConfiguration(
            nodeName: node, instance: simulated, access: instance.access,
            metadataClosesConnections: closeMetadataConnections, addresses: [listen],
            ports: [
                .metadata: metadataPort, .aws: awsPort, .webhooks: webhooksPort, .kubernetes: kubernetesPort,
            ])
        let cluster =
            demo
            ? ClusterPreset.demo(time: time)
            : ClusterPreset.rehearsal(of: node, instance: simulated, pods: pods, padding: padding, time: time)
        if sharedBudget { cluster.shareBudget() }
        if let tick { cluster.configure { $0.evictionLatency = .untilNextTick(tick) } }
        configuration.serve(cluster)
        return configuration
    }

    private func announce(_ lab: Lab, controlPort: Int) throws {
        if let kubeconfig, let content = lab.kubeconfig {
            try content.write(toFile: kubeconfig, atomically: true, encoding: .utf8)
        }
        let address = listen == "0.0.0.0" ? "127.0.0.1" : listen
        let control = "http://\(address.contains(":") ? "[\(address)]" : address):\(controlPort)"
        let variables =
            lab.environment(kubeconfig: lab.kubeconfig == nil ? nil : kubeconfig)
            + [(name: "INTERRUPTION_LAB_CONTROL", value: control)]
        let block = variables.map { "\($0.name)=\($0.value)\n" }.joined()
        if let envFile { try block.write(toFile: envFile, atomically: true, encoding: .utf8) }
        if text { return announceText(block) }
        let addresses = LabServerName.allCases.compactMap { name in
            lab.address(of: name).map { (name.rawValue, JSONValue.string($0)) }
        }
        let line = JSONValue.object([
            ("addresses", .object(addresses + [("control", .string(control))])),
            ("environment", .object(variables.map { ($0.name, .string($0.value)) })),
        ])
        announceText(line.text + "\n")
    }
}
