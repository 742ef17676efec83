import AWS
import Interruption
import Settings
import Transport

/// Which clouds there are: one line each.
enum CloudRegistry {
    /// The provider that the settings name.
    static func provider(
        _ settings: HandlerSettings, transport: any HTTPTransport, workplace: Workplace,
        remark: @escaping @Sendable (AWSRemark) -> Void
    ) -> any CloudProvider & Diagnosing {
        // `provider` was checked when it was read; AWS is the one that there is.
        let environment = workplace.environment
        return AWSProvider(
            settings: AWSSettings(settings.cloud), transport: transport, timeline: workplace.timeline,
            anchor: workplace.anchor,
            surroundings: Surroundings(
                variable: { environment[$0] }, readFile: { try Workplace.bytes(ofFile: $0) }),
            remark: remark)
    }
}

extension AWSSettings {
    /// AWS's settings from ours.
    init(_ cloud: CloudSettings) {
        let tokens: TokenMode =
            switch cloud.metadataTokens {
            case .required: .required
            case .optional: .optional
            case .disabled: .disabled
            }
        let sources = cloud.notices.map { notice -> AWSSource in
            switch notice {
            case .spot: .spot
            case .rebalance: .rebalance
            case .maintenance: .maintenance
            case .scaleIn: .scaleIn
            }
        }
        self.init(
            // What is none was refused when the settings were read.
            endpoint: MetadataEndpoint(cloud.metadataEndpoint) ?? .ipv4, tokens: tokens, sources: Set(sources),
            cadence: Cadence(poll: cloud.pollInterval),
            leads: MaintenanceLeads(standard: cloud.maintenanceLead, perCode: cloud.maintenanceLeadByCode),
            rebalanceExpiry: cloud.rebalanceExpiry ?? .seconds(86_400 * 365), detaches: cloud.detaches,
            completesHooks: cloud.completesHooks, hookNames: cloud.hookNames)
    }
}
