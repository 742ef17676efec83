import Interruption
public import Settings

/// Something that the handler asks of the API server and that RBAC must grant: the one table of them.
public struct Permission: Sendable, Hashable, CustomStringConvertible {
    /// Such as `create`.
    public let verb: String
    /// The API group, empty for core.
    public let group: String
    /// Such as `pods`.
    public let resource: String
    /// Such as `eviction`; `nil` for the resource itself.
    public let subresource: String?
    /// What it is for, as people read it.
    public let purpose: String
    /// Whether a drain fails without it; what is not vital costs a warning.
    public let isVital: Bool
    /// Which settings lead to it.
    let need: Need

    /// Which settings lead to a request.
    enum Need: Sendable, Hashable {
        /// All.
        case always
        /// All but a dry run.
        case writing
        /// A kind of notice that moves pods.
        case movingPods
        /// A kind of notice that evicts.
        case evicting
        /// A kind of notice that deletes, sooner or later: evictions do not work in a namespace that is being terminated.
        case deleting
        /// Conditions on the Node.
        case nodeConditions
        /// Events.
        case events
        /// This node's name is not set.
        case lookingForNode
    }

    init(
        _ verb: String, _ resource: String, _ subresource: String? = nil, group: String = "", needed need: Need,
        isVital: Bool = true, for purpose: String
    ) {
        self.verb = verb
        self.group = group
        self.resource = resource
        self.subresource = subresource
        self.need = need
        self.isVital = isVital
        self.purpose = purpose
    }

    /// Every permission that some settings need.
    public static let all: [Permission] = [
        Permission("get", "nodes", needed: .always, for: "to read this node and our record on it"),
        Permission("patch", "nodes", needed: .writing, for: "to cordon this node and to write our record"),
        Permission(
            "watch", "nodes", needed: .always, isVital: false,
            for: "to see at once that a person made this node schedulable; without it, within seconds by reading"),
        Permission(
            "patch", "nodes", "status", needed: .nodeConditions, isVital: false, for: "to set the Node's conditions"),
        Permission("get", "pods", needed: .lookingForNode, for: "to learn this node from our own pod"),
        Permission("list", "pods", needed: .movingPods, for: "to see who is to leave"),
        Permission("watch", "pods", needed: .movingPods, for: "to see who has left"),
        Permission("create", "pods", "eviction", needed: .evicting, for: "to evict pods"),
        Permission(
            "delete", "pods", needed: .deleting,
            for: "to delete pods: what the budgets still refuse, and in namespaces that are being terminated"),
        Permission(
            "patch", "pods", "status", needed: .deleting, isVital: false,
            for: "to mark deleted pods as disrupted, so that Jobs do not count them as failed"),
        Permission("create", "events", needed: .events, isVital: false, for: "to write Events"),
    ]

    /// Those that these settings need.
    public static func needed(by settings: HandlerSettings) -> [Permission] {
        all.filter { $0.need.isMet(by: settings) }
    }

    /// Resource and subresource as RBAC writes them.
    public var target: String {
        resource + (subresource.map { "/" + $0 } ?? "") + (group.isEmpty ? "" : "." + group)
    }

    /// Such as `create pods/eviction`.
    public var description: String { "\(verb) \(target)" }
}

extension Permission.Need {
    /// Whether these settings lead to the request.
    func isMet(by settings: HandlerSettings) -> Bool {
        let strategies = settings.strategiesInUse
        let movesPods = strategies.contains(.evict) || strategies.contains(.delete)
        let isReal = !settings.isDryRun
        return switch self {
        case .always: true
        case .writing: isReal
        case .movingPods: movesPods
        case .evicting: isReal && strategies.contains(.evict)
        case .deleting: isReal && movesPods
        case .nodeConditions: isReal && settings.marks.setsConditions
        case .events: isReal && (settings.marks.writesNodeEvents || settings.marks.writesPodEvents)
        case .lookingForNode: settings.nodeName == nil
        }
    }
}
