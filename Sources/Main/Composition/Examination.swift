import Doctor
import Interruption
import Kubernetes
import Notify
import Settings

/// Every check of the doctor, side by side, each within its time.
struct Examination: Sendable {
    /// How long a check may take.
    private static let patience = Duration.seconds(5)

    let settings: HandlerSettings
    let channels: ChannelSettings
    let api: any ClusterAPI
    /// The API server's address.
    let server: String
    let provider: any CloudProvider & Diagnosing
    let workplace: Workplace

    /// What was found, in the order in which people read it.
    func diagnoses() async -> [Diagnosis] {
        let examiner = ClusterExaminer(
            api: api, server: server, settings: settings, machine: { [provider] in await provider.identity() },
            timeline: workplace.timeline, anchor: workplace.anchor)
        async let cloud = provider.diagnoses(within: Examination.patience)
        async let cluster = examiner.diagnoses(within: Examination.patience)
        return await cloud + cluster + channelDiagnoses
    }

    private var channelDiagnoses: [Diagnosis] {
        let named = channels.channels.map { channel in
            Diagnosis("channel", .ok, "\(channel.name) to \(channel.redacted); `notify --test` sends through it")
        }
        let doubts = channels.warnings.map { warning in
            Diagnosis("channel", .warn, "\(warning)", advice: "surely not meant so")
        }
        return (named.isEmpty ? [Diagnosis("channel", .ok, "none is set up: nobody is told")] : named) + doubts
    }
}
