import ArgumentParser
import Doctor
import Interruption
import Kubernetes
import Settings
import Transport

/// The doctor: tells before the day whether the daemon would work then.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say whether the daemon would work with these settings, and what to mend.",
        discussion: """
            Takes the flags and variables of run, asks the metadata service, the API server and, where they are wanted, the cloud's \
            APIs, and changes nothing. Notification channels are only named; notify --test sends through them.

            Exit status: 0 when all is well or only worth a look, 1 when something would fail on the day, 64 or 78 when a setting is wrong.
            """)

    @Option(help: "text, or json for scripts.") var output = OutputForm.text
    @Flag(help: "Only print what RBAC must grant for these settings, a verb and a resource per line; nobody is asked.")
    var printPermissions = false
    @OptionGroup var flags: HandlerFlags

    func run() async throws {
        let workplace = Workplace()
        if printPermissions { return try writePermissions(in: workplace) }
        let intake = Intake(flags: flags.given(), in: workplace)
        try intake.refuseProblems()
        guard let cluster = intake.cluster else { throw ExitCode(78) }
        let transport = try CurlTransport()
        defer { transport.close() }
        let examination = Examination(
            settings: intake.settings, channels: intake.channels,
            api: KubernetesClient(
                configuration: cluster, transport: transport, clock: workplace.timeline,
                userAgent: "interruption-handler/\(Version.text)"),
            server: cluster.server,
            provider: CloudRegistry.provider(
                intake.settings, transport: transport, workplace: workplace, remark: { _ in }),
            workplace: workplace)
        let diagnoses = await examination.diagnoses()
        Terminal.write(output == .json ? DiagnosisText.json(of: diagnoses) + "\n" : DiagnosisText.table(of: diagnoses))
        if DiagnosisText.worst(of: diagnoses) == .fail { throw ExitCode(1) }
    }

    private func writePermissions(in workplace: Workplace) throws {
        var environment = workplace.environment
        // Without a node's name, it would be read from our pod; which pod that is does not matter here.
        for name in ["POD_NAME", "NAMESPACE"] where environment[name] == nil { environment[name] = "-" }
        var reader = SettingsReader(flags: flags.given(), environment: environment)
        let settings = HandlerSettings(from: &reader)
        for problem in reader.problems { Terminal.write("interruption-handler: \(problem)\n", to: .standardError) }
        guard reader.problems.isEmpty else { throw ExitCode(reader.problems.contains(where: \.isFlag) ? 64 : 78) }
        Terminal.write(Permission.needed(by: settings).map { "\($0)\n" }.joined())
    }
}
