/// What `autoscaling/target-lifecycle-state` says: where the group wants the machine to go, not where it is.
///
/// Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/retrieving-target-lifecycle-state-through-imds.html
enum LifecycleState: Sendable, Hashable {
    /// In service, in standby, detached, or running in the warm pool: the machine stays.
    case stays(String)
    /// The group takes it away.
    case terminated(String)
    /// It goes to the warm pool and is stopped or hibernated there; it may come back.
    case parked(String, hibernates: Bool)
    /// A text that is not documented.
    case unknown
    /// Not an answer of the metadata service.
    case noMetadata

    /// Whether the machine stays.
    var stays: Bool {
        if case .stays = self { true } else { false }
    }

    /// Reads the value of the path.
    init(_ body: [UInt8]) {
        guard !body.isNoMetadata else {
            self = .noMetadata
            return
        }
        let text = String(decoding: body.prefix(64), as: UTF8.self).trimmed
        self =
            switch text {
            case "InService", "Standby", "Detached", "Warmed:Running": .stays(text)
            case "Terminated", "Warmed:Terminated": .terminated(text)
            case "Warmed:Stopped": .parked(text, hibernates: false)
            case "Warmed:Hibernated": .parked(text, hibernates: true)
            default: .unknown
            }
    }
}
