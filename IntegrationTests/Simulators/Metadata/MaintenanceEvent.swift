/// A scheduled event of an instance, in the words of `events/maintenance/scheduled`.
public struct MaintenanceEvent: Sendable, Hashable {
    /// Its id.
    public var id: String
    /// `instance-stop`, `instance-retirement`, `instance-reboot`, `system-reboot` or `system-maintenance`.
    public var code: String
    /// `active`, `completed` or `canceled`.
    public var state: String
    /// What people read, without the prefix that ended events get.
    public var description: String
    /// When it begins at the earliest.
    public var notBefore: WallTime
    /// When it is over at the latest; nil leaves the member out.
    public var notAfter: WallTime?

    /// An active event, unless told otherwise.
    public init(
        id: String = "instance-event-0d59937288b749b32", code: String, state: String = "active",
        description: String? = nil, notBefore: WallTime, notAfter: WallTime? = nil
    ) {
        self.id = id
        self.code = code
        self.state = state
        self.description = description ?? "The instance is scheduled for \(code)"
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    /// The event as a member of the array; ended ones carry a prefix in the description.
    var json: JSONValue {
        let prefix =
            switch state {
            case "completed": "[Completed] "
            case "canceled": "[Canceled] "
            default: ""
            }
        var members: [(String, JSONValue)] = [
            ("NotBefore", .string(notBefore.maintenance)), ("Code", .string(code)),
            ("Description", .string(prefix + description)), ("EventId", .string(id)),
        ]
        if let notAfter { members.append(("NotAfter", .string(notAfter.maintenance))) }
        members.append(("State", .string(state)))
        return .object(members)
    }
}
