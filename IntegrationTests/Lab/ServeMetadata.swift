import ArgumentParser
import Simulators

/// Serves only instance metadata, so that a real handler on a real node can be pointed at it.
struct ServeMetadata: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metadata",
        abstract: "Serve only instance metadata, to rehearse an interruption of a real node.",
        discussion: """
            Point the handler's --metadata-endpoint at it. A notice that is asked for here stands from the start; later
            ones are given by the other commands, through the control API on loopback.
            """)

    @OptionGroup var instance: InstanceOptions

    @Option(help: "Where to listen: HOST:PORT, or a port on loopback.")
    var listen = ListenAddress(host: "127.0.0.1", port: 1338)

    @Option(help: "Where the control API listens: HOST:PORT, or a port on loopback; 0 takes a free one.")
    var control = ListenAddress(host: "127.0.0.1", port: 0)

    @Option(help: "Give a spot notice for that time from now.")
    var spotIn: TimeSpan?

    @Flag(help: "Recommend to rebalance.")
    var rebalance = false

    func run() async throws {
        let lab = try await Lab.start(
            LabConfiguration(
                instance: instance.instance, access: instance.access, addresses: [listen.host],
                ports: [.metadata: listen.port], serves: [.metadata]))
        let controlServer = LabServer(
            ControlService(lab),
            configuration: LabServerConfiguration(addresses: [control.host], port: control.port))
        do {
            let port = try await controlServer.start()
            if let spotIn { lab.metadata.noticeSpot(in: spotIn.duration) }
            if rebalance { lab.metadata.noticeRebalance() }
            announceText(
                """
                AWS_EC2_METADATA_SERVICE_ENDPOINT=\(lab.address(of: .metadata) ?? "")
                INTERRUPTION_LAB_CONTROL=http://\(control.host):\(port)

                """)
        } catch {
            await controlServer.stop()
            await lab.stop()
            throw error
        }
        await untilAskedToEnd()
        await controlServer.stop()
        await lab.stop()
    }
}
