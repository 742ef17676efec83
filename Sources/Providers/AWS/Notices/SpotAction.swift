import FoundationEssentials
import Interruption

/// What `spot/instance-action` says.
///
/// Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
enum SpotAction: Sendable, Hashable {
    /// An announcement: what happens, and when; `nil` when the time cannot be read.
    case announced(Action, WallTime?)
    /// Something is announced that cannot be read.
    case unreadable
    /// Not an answer of the metadata service.
    case noMetadata

    /// What EC2 does with the machine.
    enum Action: Sendable, Hashable {
        case terminate
        case stop
        case hibernate
        /// One that is not documented, or none.
        case other(String)

        /// The provider's own words for people.
        var words: String {
            switch self {
            case .terminate: "spot terminate"
            case .stop: "spot stop"
            case .hibernate: "spot hibernate"
            case .other(let name): "spot interruption (\(name.printable(limit: 32)))"
            }
        }

        /// Whether the machine comes back with what it held.
        var returns: Bool { self == .stop || self == .hibernate }
    }

    private struct Document: Decodable {
        var action: String
        var time: String?
    }

    /// Reads the value of the path.
    init(_ body: [UInt8]) {
        guard !body.isNoMetadata else {
            self = .noMetadata
            return
        }
        // What does not decode is an announcement all the same: 404 is how the service says that there is none.
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(body)) else {
            self = .unreadable
            return
        }
        let action: Action =
            switch document.action {
            case "terminate": .terminate
            case "stop": .stop
            case "hibernate": .hibernate
            default: .other(document.action)
            }
        self = .announced(action, document.time.flatMap { WallTime(rfc3339: $0) })
    }
}
