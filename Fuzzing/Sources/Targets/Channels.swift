import Interruption
import Transport

@testable import Notify

/// The channels that an environment names, and what is told of those that cannot be.
func examineChannels(_ environment: [String: String]) {
    let settings = ChannelSettings(environment: { environment[$0] }, readFile: { environment[$0] ?? "" })
    let secrets = secrets(in: environment)
    let told =
        settings.problems.map(\.description) + settings.warnings.map(\.description)
        + settings.channels.map { "\($0.name) \($0.redacted)" }
    for words in told {
        for secret in secrets { expect(!words.contains(secret), "a secret is told: \(words)") }
    }
    for channel in settings.channels {
        for sample in Notification.samples.prefix(2) {
            guard let channel = channel as? any WebChannel else { continue }
            let request = channel.request(for: sample)
            expect((request.body?.count ?? 0) <= 1 << 20, "a bounded body")
            for secret in secrets { expect(!"\(request)".contains(secret), "a secret is told") }
        }
    }
}

/// Parts of secret variables' values that stand nowhere else and look like no word.
private func secrets(in environment: [String: String]) -> [String] {
    var secrets: [String] = []
    for variable in ChannelVariable.all where variable.isSecret {
        guard let value = environment[variable.name] else { continue }
        // Of an address, the host may be told.
        let place = value.firstRange(of: "://").map { value[$0.upperBound...].drop { $0 != "/" } } ?? value[...]
        for part in place.split(whereSeparator: { "/=?&".contains($0) }) where part.utf8.count >= 16 {
            let secret = String(part)
            let isKey = secret.contains(where: \.isNumber) && secret.allSatisfy { $0.isLetter || $0.isNumber }
            let isAlone = environment.values.count { $0.contains(secret) } == 1
            if isKey && isAlone { secrets.append(secret) }
        }
    }
    return secrets
}
