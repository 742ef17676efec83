import FoundationEssentials
import Interruption

/// One entry of `events/maintenance/scheduled`.
///
/// Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instances-status-check_sched.html
struct MaintenanceEvent: Sendable, Hashable {
    /// AWS's own id.
    let id: String
    /// AWS's own code: `instance-stop`, `instance-retirement`, `instance-reboot`, `system-reboot`, `system-maintenance`.
    let code: String
    /// Whether the work is still to come or under way.
    let state: State
    /// When it may begin; `nil` when that cannot be read.
    let notBefore: WallTime?
    /// When it is over at the latest; `nil` when that is not said or cannot be read.
    let notAfter: WallTime?

    /// What became of the event.
    enum State: Sendable, Hashable {
        /// To come or under way; also every state that is not documented.
        case active
        case completed
        case canceled
    }

    private struct Entry: Decodable {
        var NotBefore: String?
        var NotAfter: String?
        var Code: String?
        var Description: String?
        var EventId: String?
        var State: String?
    }

    /// An entry of whatever shape, so that one that is broken does not spoil the others.
    private struct AnyEntry: Decodable {
        let entry: Entry?

        init(from decoder: any Decoder) {
            entry = try? Entry(from: decoder)  // nil says that it is broken
        }
    }

    /// Reads the value of the path; `nil` when it is no list at all. Entries of a broken shape are counted in `broken`.
    static func list(_ body: [UInt8]) -> (events: [MaintenanceEvent], broken: Int)? {
        if isEmptyList(body) { return ([], 0) }
        guard let entries = try? JSONDecoder().decode([AnyEntry].self, from: Data(body)) else { return nil }
        let events = entries.compactMap { $0.entry }.compactMap { MaintenanceEvent($0) }
        return (events, entries.count - events.count)
    }

    /// Whether the value is an empty list, as on most machines at most times; needs no decoder.
    static func isEmptyList(_ body: [UInt8]) -> Bool {
        body.count < 8 && String(decoding: body, as: UTF8.self).filter { !$0.isWhitespace } == "[]"
    }

    private init?(_ entry: Entry) {
        // AWS's own are a few dozen characters; whatever else stands there goes to logs and messages.
        let code = (entry.Code ?? "maintenance").printable(limit: 64)
        guard let id = entry.EventId ?? entry.NotBefore.map({ "\(code)-\($0)" }) else { return nil }
        self.id = id.printable(limit: 128)
        self.code = code
        notBefore = entry.NotBefore.flatMap { WallTime(eventDate: $0) }
        notAfter = entry.NotAfter.flatMap { WallTime(eventDate: $0) }
        let description = entry.Description?.trimmed.lowercased() ?? ""
        let state = entry.State?.trimmed.lowercased() ?? ""
        if state == "completed" || description.hasPrefix("[completed]") {
            self.state = .completed
        } else if state == "canceled" || state == "cancelled" || description.hasPrefix("[canceled]")
            || description.hasPrefix("[cancelled]")
        {
            self.state = .canceled
        } else {
            self.state = .active
        }
    }

    /// Whether the same machine comes back afterwards, by the code.
    var returns: Bool { code != "instance-retirement" }

    /// Whether a start of the machine after `notBefore` means that the work is done.
    var isDoneByRestart: Bool {
        ["system-reboot", "instance-reboot", "instance-stop", "instance-retirement"].contains(code)
    }
}
