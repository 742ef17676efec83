extension AutoScalingState {
    /// Carries out an action of the API, and returns what stands in its result.
    mutating func perform(
        _ action: String, _ parameters: QueryParameters, at now: WallTime
    ) throws(QueryFailure) -> [XMLFragment] {
        switch action {
        case "DescribeAutoScalingInstances": return try describeInstances(parameters)
        case "DescribeLifecycleHooks": return try describeHooks(parameters)
        case "DetachInstances": return try detachInstances(parameters, at: now)
        case "RecordLifecycleActionHeartbeat": return try recordHeartbeat(parameters, at: now)
        case "CompleteLifecycleAction": return try completeAction(parameters)
        default:
            throw QueryFailure(400, "InvalidAction", "The action \(action) is not valid for this web service.")
        }
    }

    private func describeInstances(_ parameters: QueryParameters) throws(QueryFailure) -> [XMLFragment] {
        let ids = parameters.list("InstanceIds")
        guard ids.count <= 50 else {
            throw .invalid("The number of instance ids that may be passed in is limited to 50")
        }
        let wanted =
            ids.isEmpty
            ? groups.flatMap { group in group.instances.map { (group: group.name, instance: $0) } }
            : ids.compactMap { instance($0) }
        let members = wanted.map { group, instance -> [XMLFragment] in
            [
                .leaf("ProtectedFromScaleIn", "false"), .leaf("AvailabilityZone", instance.availabilityZone),
                .element(
                    "LaunchTemplate",
                    [
                        .leaf("LaunchTemplateId", "lt-0a20c965061f64abc"), .leaf("LaunchTemplateName", "nodes"),
                        .leaf("Version", "1"),
                    ]),
                .leaf("InstanceId", instance.id), .leaf("InstanceType", instance.instanceType),
                .leaf("AutoScalingGroupName", group), .leaf("HealthStatus", instance.healthStatus),
                .leaf("LifecycleState", instance.lifecycleState),
            ]
        }
        return [.list("AutoScalingInstances", members)]
    }

    private func describeHooks(_ parameters: QueryParameters) throws(QueryFailure) -> [XMLFragment] {
        let group = try requiredGroup(parameters)
        let names = parameters.list("LifecycleHookNames")
        let hooks = group.hooks.filter { names.isEmpty || names.contains($0.name) }
        let members = hooks.map { hook -> [XMLFragment] in
            [
                .leaf("AutoScalingGroupName", group.name),
                .leaf("GlobalTimeout", String(hook.globalTimeout.components.seconds)),
                .leaf("LifecycleHookName", hook.name),
                .leaf("HeartbeatTimeout", String(hook.heartbeatTimeout.components.seconds)),
                .leaf("LifecycleTransition", hook.transition), .leaf("DefaultResult", hook.defaultResult),
            ]
        }
        return [.list("LifecycleHooks", members)]
    }

    private mutating func detachInstances(
        _ parameters: QueryParameters, at now: WallTime
    ) throws(QueryFailure) -> [XMLFragment] {
        let group = try requiredGroup(parameters)
        let decrement = try parameters.required("ShouldDecrementDesiredCapacity")
        guard decrement == "true" || decrement == "false" else {
            throw QueryFailure(400, "MalformedInput", "ShouldDecrementDesiredCapacity must be true or false")
        }
        let ids = parameters.list("InstanceIds")
        guard ids.count <= 20 else {
            throw .invalid("The number of instance ids that may be passed in is limited to 20")
        }
        for id in ids {
            guard let instance = group.instances.first(where: { $0.id == id }) else {
                throw .invalid("The instance \(id) is not part of Auto Scaling group \(group.name).")
            }
            guard ["InService", "Standby"].contains(instance.lifecycleState) else {
                throw .invalid(
                    "The instance \(id) is in \(instance.lifecycleState) and is not in InService or Standby.")
            }
        }
        var activities: [[XMLFragment]] = []
        for id in ids {
            detach(id, from: group.name, decrementing: decrement == "true")
            activities.append([
                .leaf("StatusCode", "InProgress"), .leaf("Progress", "50"), .leaf("ActivityId", freshID()),
                .leaf("StartTime", now.iso8601), .leaf("AutoScalingGroupName", group.name),
                .leaf(
                    "Cause",
                    "At \(now.iso8601) instance \(id) was detached in response to a user request"
                        + (decrement == "true" ? ", shrinking the capacity." : ".")),
                .leaf("Details", "{\"Availability Zone\":\"us-east-1a\"}"),
                .leaf("Description", "Detaching EC2 instance: \(id)"),
            ])
        }
        return [.list("Activities", activities)]
    }

    private mutating func recordHeartbeat(
        _ parameters: QueryParameters, at now: WallTime
    ) throws(QueryFailure) -> [XMLFragment] {
        let (id, token, hook) = try waitingAction(parameters)
        change(id) { instance in
            for index in instance.waiting.indices where instance.waiting[index].token == token {
                let latest = instance.waiting[index].start.advanced(by: hook.globalTimeout)
                instance.waiting[index].deadline = min(now.advanced(by: hook.heartbeatTimeout), latest)
                instance.waiting[index].heartbeats += 1
            }
        }
        return []
    }

    private mutating func completeAction(_ parameters: QueryParameters) throws(QueryFailure) -> [XMLFragment] {
        let result = try parameters.required("LifecycleActionResult")
        guard result == "CONTINUE" || result == "ABANDON" else {
            throw .invalid("LifecycleActionResult must be one of: CONTINUE or ABANDON")
        }
        let (id, token, _) = try waitingAction(parameters)
        end(token, of: id, result: result, timedOut: false)
        return []
    }

    /// The wait that a heartbeat or a completion is about.
    private func waitingAction(
        _ parameters: QueryParameters
    ) throws(QueryFailure) -> (instance: String, token: String, hook: LifecycleHook) {
        let hookName = try parameters.required("LifecycleHookName")
        let group = try requiredGroup(parameters)
        guard let hook = group.hooks.first(where: { $0.name == hookName }) else {
            throw .invalid("Lifecycle hook \(hookName) does not exist for Auto Scaling group \(group.name)")
        }
        let id = parameters["InstanceId"]
        let token = parameters["LifecycleActionToken"]
        guard id != nil || token != nil else {
            throw .invalid("Either InstanceId or LifecycleActionToken must be specified")
        }
        for instance in group.instances where id == nil || instance.id == id {
            let action = instance.waiting.first { $0.hookName == hookName && (token == nil || $0.token == token) }
            if let action { return (instance.id, action.token, hook) }
        }
        throw .invalid("No active Lifecycle Action found with \(id.map { "instance ID \($0)" } ?? "that token")")
    }

    private func requiredGroup(_ parameters: QueryParameters) throws(QueryFailure) -> AutoScalingGroup {
        let name = try parameters.required("AutoScalingGroupName")
        guard let group = self[name] else {
            throw .invalid("AutoScalingGroup name not found - AutoScalingGroup: \(name)")
        }
        return group
    }
}
