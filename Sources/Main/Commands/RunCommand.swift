import ArgumentParser

/// The daemon.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Listen for notices and empty this node when one comes (the default).")

    @OptionGroup var flags: HandlerFlags

    func run() async throws {
        let workplace = Workplace()
        let intake = Intake(flags: flags.given(), in: workplace)
        try intake.refuseProblems()
        guard let cluster = intake.cluster else { throw ExitCode(78) }
        try await Daemon(intake, configuration: cluster, in: workplace).run()
    }
}
