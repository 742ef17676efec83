import Interruption
import Settings

/// Flags and variables: a line each, `--name=value` or `NAME=value`; first the daemon's, then the channels'.
@Sendable func examineSettings(_ input: [UInt8]) {
    var flags: [String: [String]] = [:]
    var environment: [String: String] = [:]
    for line in String(decoding: input, as: UTF8.self).split(separator: "\u{1E}").prefix(64) {
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { continue }
        if parts[0].hasPrefix("--") {
            flags[String(parts[0].dropFirst(2)), default: []].append(parts[1])
        } else {
            environment[parts[0]] = parts[1]
        }
    }
    var reader = SettingsReader(flags: flags, environment: environment)
    let settings = HandlerSettings(from: &reader)
    expect((.milliseconds(100) ... .seconds(60)).contains(settings.cloud.pollInterval), "a poll interval in its bounds")
    expect((.zero ... .seconds(600)).contains(settings.policy.margin), "a margin in its bounds")
    expect((1...1000).contains(settings.inFlight), "a window in its bounds")
    expect(settings.policy.graceLimit.map { $0 >= .seconds(1) } ?? true, "never grace 0")
    expect(settings.cloud.maintenanceLead > .zero, "a lead is a time")
    _ = settings.cloud.longestSilence.components
    for problem in reader.problems {
        expect(!problem.accepts.isEmpty && !problem.origin.isEmpty, "a problem names its setting and what is accepted")
        expect("\(problem)".utf8.count <= 2000, "a bounded problem: \("\(problem)".utf8.count)")
    }
    examineChannels(environment)
}
