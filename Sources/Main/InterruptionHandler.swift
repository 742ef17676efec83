import ArgumentParser

/// The command line: `run` is what a DaemonSet runs, the others are for people.
@main
struct InterruptionHandler: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interruption-handler",
        abstract: "Empties a Kubernetes node in the time that the cloud leaves it.",
        discussion: """
            Listens for word that this machine is about to be taken away, cordons the node, moves its pods off with as much grace as \
            the deadline leaves, tells people and the cloud, and gives the node back when the cloud changes its mind.

            Every flag has an environment variable of the same name in capitals (POLL_INTERVAL for --poll-interval); the flag wins.
            """,
        version: Version.text,
        subcommands: [
            RunCommand.self, DrainCommand.self, UncordonCommand.self, PlanCommand.self,
            CheckCommand.self, NotifyCommand.self, PictureCommand.self, SettingsCommand.self,
        ],
        defaultSubcommand: RunCommand.self)
}
