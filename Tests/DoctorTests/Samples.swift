import Kubernetes
import Settings

/// What the daemon runs with, as a person wrote it.
func settings(_ flags: [String: [String]] = [:], _ environment: [String: String] = ["NODE_NAME": "node-a"])
    -> HandlerSettings
{
    var reader = SettingsReader(flags: flags, environment: environment)
    return HandlerSettings(from: &reader)
}
