import AWS
import Settings
import Status

extension SettingsReader {
    /// Has those parts look at their settings that will use them, so that nothing is replaced silently.
    mutating func check(_ settings: HandlerSettings) {
        if MetadataEndpoint(settings.cloud.metadataEndpoint) == nil {
            complain(.metadataEndpoint, given(.metadataEndpoint).last)
        }
        guard let address = settings.metricsAddress else { return }
        do throws(ListenAddress.Problem) {
            _ = try ListenAddress("\(address)")
        } catch {
            if let given = given(.metricsAddress).last {
                complain(.metricsAddress, given, error.description)
            } else {
                complain(variable: "SPOT_POD_IP", variable("SPOT_POD_IP") ?? "", "accepted: a numeric address")
            }
        }
    }

    /// What AWS's SDKs obey and we do not read is refused: a daemon that ignored it would act as somebody else.
    mutating func refuseProfiles() {
        for name in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
            guard let text = variable(name) else { continue }
            complain(
                variable: name, text,
                "profiles and shared files are not read: unset it, and give keys in the environment, a web identity, "
                    + "Pod Identity or an instance profile")
        }
    }
}
