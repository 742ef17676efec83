/// What is known of the group's termination hooks.
enum HookOutlook: Sendable, Hashable {
    /// Nobody waits.
    case none
    /// The group waits that long for a heartbeat; whether the hook is ours to answer.
    case waits(Duration, isOurs: Bool)
    /// It may wait, and for how long cannot be found out; why, in words for people.
    case unknown(String)
}

/// The group's termination hooks, as far as they matter to us.
struct OwnHooks: Sendable, Hashable {
    /// The group's name.
    let group: String
    /// This machine's id.
    let machine: String
    /// Those that are ours.
    let hooks: [AutoScalingAPI.Hook]
    /// All that are there, where ours could not be told from other people's.
    let undecided: [AutoScalingAPI.Hook]

    /// What is ours among `found`: the hooks that were named, else the only one that there is.
    init(group: String, machine: String, found: [AutoScalingAPI.Hook], names: [String]) {
        self.group = group
        self.machine = machine
        guard names.isEmpty else {
            hooks = names.map { name in
                found.first { $0.name == name } ?? AutoScalingAPI.Hook(name: name, timeout: nil)
            }
            undecided = []
            return
        }
        hooks = found.count == 1 ? found : []
        undecided = found.count > 1 ? found : []
    }

    /// What that means for the deadline: the shortest wait, where all are known.
    var outlook: HookOutlook {
        let all = hooks + undecided
        guard !all.isEmpty else { return .none }
        let timeouts = all.compactMap(\.timeout)
        guard timeouts.count == all.count, let shortest = timeouts.min() else {
            return .unknown("the timeout of \(all.map(\.name).joined(separator: ", ")) is not known")
        }
        return .waits(shortest, isOurs: !hooks.isEmpty)
    }
}
