import ArgumentParser
import Kubernetes
import Notify
import Settings

/// Everything that was set, read and checked together, so that a person is told of every problem at once.
struct Intake {
    /// The daemon's settings; a default stands where one was wrong.
    let settings: HandlerSettings
    /// The notification channels.
    let channels: ChannelSettings
    /// Where the API server is; `nil` when that could not be told.
    let cluster: ClusterConfiguration?
    /// Every problem in one line each.
    let problems: [String]
    /// Whether one of them was on the command line.
    let hasUsageProblem: Bool

    /// Reads flags, variables and files.
    init(flags: [String: [String]], in workplace: Workplace, needsNode: Bool = true) {
        var environment = workplace.environment
        if !needsNode, environment["NODE_NAME"] == nil {
            environment["NODE_NAME"] = "-"  // commands that name their node themselves
        }
        var reader = SettingsReader(flags: flags, environment: environment)
        settings = HandlerSettings(from: &reader)
        reader.check(settings)
        // A person's commands ask no cloud.
        if needsNode { reader.refuseProfiles() }
        channels = ChannelSettings(
            environment: { workplace.environment[$0] }, readFile: { try Workplace.text(ofFile: $0) })
        var problems = reader.problems.map(\.description)
        problems += channels.problems.map(\.description)
        if let problem = workplace.authoritiesProblem { problems.append(problem) }
        do {
            cluster = try ClusterConfiguration.discovered(
                kubeconfig: settings.kubeconfig.path, context: settings.kubeconfig.context,
                in: workplace.surroundings)
        } catch {
            cluster = nil
            problems += error.messages
        }
        self.problems = problems
        hasUsageProblem = reader.problems.contains(where: \.isFlag)
    }

    /// The channels that are told: a dry run wakes nobody up unless that was asked for.
    var channelsInUse: [any Channel] {
        guard settings.isDryRun, !settings.rehearsesIncidents else { return channels.channels }
        return channels.channels.filter { !$0.raisesIncidents }
    }

    /// Prints every problem and throws the exit status: 64 when the command line is wrong, 78 when only variables or files are.
    func refuseProblems() throws {
        guard !problems.isEmpty else { return }
        for problem in problems {
            Terminal.write("interruption-handler: \(problem)\n", to: .standardError)
        }
        Terminal.write("interruption-handler: nothing was started; --help lists every setting\n", to: .standardError)
        throw hasUsageProblem ? ExitCode(64) : ExitCode(78)
    }
}
