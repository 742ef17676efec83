import ArgumentParser

/// The executable: serves simulators, and talks to those that are served.
@main
struct InterruptionLab: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interruption-lab",
        abstract: "A cloud that takes a node away whenever you ask it to.",
        discussion: """
            `serve` runs instance metadata, Auto Scaling, STS, notification channels and a Kubernetes API on loopback, and
            prints how a handler finds them. The other commands give orders to a running lab.
            """,
        subcommands: [
            Demo.self, Serve.self, ServeMetadata.self, Spot.self, Rebalance.self, Maintenance.self, ScaleIn.self,
            Withdraw.self,
            FaultCommand.self, ServerCommand.self, Show.self,
        ])
}
