/// All Auto Scaling groups of the simulated account.
public struct AutoScalingState: Sendable {
    /// The groups.
    public var groups: [AutoScalingGroup]
    private var counter = 0

    /// Those groups.
    public init(groups: [AutoScalingGroup] = []) {
        self.groups = groups
    }

    /// The group of that name; nil when there is none.
    public subscript(_ name: String) -> AutoScalingGroup? {
        groups.first { $0.name == name }
    }

    /// The instance of that id, and the name of its group; nil when no group has it.
    public func instance(_ id: String) -> (group: String, instance: GroupInstance)? {
        for group in groups {
            if let instance = group.instances.first(where: { $0.id == id }) { return (group.name, instance) }
        }
        return nil
    }

    /// Changes an instance in place; does nothing when no group has it.
    public mutating func change(_ id: String, _ change: (inout GroupInstance) -> Void) {
        for group in groups.indices {
            for instance in groups[group].instances.indices where groups[group].instances[instance].id == id {
                change(&groups[group].instances[instance])
            }
        }
    }

    /// The group begins to terminate an instance: its termination hooks start to wait, once its load balancer has let go of it.
    public mutating func scaleIn(_ id: String, at now: WallTime) {
        guard let name = instance(id)?.group, let group = self[name] else { return }
        change(id) { instance in
            instance.lifecycleState = "Terminating"
            instance.waitsFrom = now.advanced(by: group.deregistration)
        }
        settle(at: now)
    }

    private mutating func beginWaits(of id: String, in group: AutoScalingGroup, at start: WallTime) {
        let hooks = group.hooks.filter { $0.transition == "autoscaling:EC2_INSTANCE_TERMINATING" }
        let actions = hooks.map { hook in
            LifecycleAction(
                hookName: hook.name, token: freshID(), start: start,
                deadline: start.advanced(by: hook.heartbeatTimeout), heartbeats: 0, result: nil, timedOut: false)
        }
        change(id) { instance in
            instance.waitsFrom = nil
            instance.waiting = actions
            instance.lifecycleState = actions.isEmpty ? "Terminated" : "Terminating:Wait"
        }
    }

    /// Begins the waits whose time has come, and ends those whose time has run out.
    mutating func settle(at now: WallTime) {
        for group in groups {
            for instance in group.instances {
                if let start = instance.waitsFrom, start <= now { beginWaits(of: instance.id, in: group, at: start) }
            }
        }
        for group in groups {
            for instance in group.instances {
                for action in instance.waiting where action.deadline <= now {
                    let hook = group.hooks.first { $0.name == action.hookName }
                    end(action.token, of: instance.id, result: hook?.defaultResult ?? "ABANDON", timedOut: true)
                }
            }
        }
    }

    /// Ends one wait; when it was the last one, or was abandoned, the termination goes on.
    mutating func end(_ token: String, of id: String, result: String, timedOut: Bool) {
        change(id) { instance in
            guard let index = instance.waiting.firstIndex(where: { $0.token == token }) else { return }
            var action = instance.waiting.remove(at: index)
            action.result = result
            action.timedOut = timedOut
            instance.ended.append(action)
            if result == "ABANDON" { instance.waiting = [] }
            if instance.waiting.isEmpty { instance.lifecycleState = "Terminating:Proceed" }
        }
    }

    /// Takes an instance out of its group, and launches another one if the capacity stays as it is.
    mutating func detach(_ id: String, from name: String, decrementing: Bool) {
        guard let group = groups.firstIndex(where: { $0.name == name }) else { return }
        let replacement = freshID().prefix(17)
        guard let index = groups[group].instances.firstIndex(where: { $0.id == id }) else { return }
        let leaving = groups[group].instances.remove(at: index)
        if decrementing {
            groups[group].desiredCapacity -= 1
        } else {
            groups[group].instances.append(
                GroupInstance(
                    id: "i-\(replacement.filter { $0 != "-" })", lifecycleState: "Pending",
                    availabilityZone: leaving.availabilityZone, instanceType: leaving.instanceType))
        }
    }

    /// An id in the shape of a UUID that no earlier call has returned.
    mutating func freshID() -> String {
        counter += 1
        let digits = String(counter, radix: 16)
        let tail = String(repeating: "0", count: 12 - digits.count) + digits
        return "5b2f8d1e-0c4a-4d6b-9e3f-\(tail)"
    }
}
