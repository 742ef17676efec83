import Interruption

/// Amazon EC2 Auto Scaling's query API, as far as we call it: one method per action.
///
/// Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/Welcome.html
struct AutoScalingAPI: Sendable {
    /// This machine's place in a group.
    struct Membership: Sendable, Hashable {
        /// The group's name.
        let group: String
        /// Where the machine is in its life there, such as `InService` or `Terminating:Wait`.
        let state: String
    }

    /// A hook that makes the group wait.
    struct Hook: Sendable, Hashable {
        /// The hook's name.
        let name: String
        /// How long the group waits for a heartbeat; `nil` when the answer does not say.
        let timeout: Duration?
    }

    let client: QueryClient

    /// The machine's group (`DescribeAutoScalingInstances`); `nil` when it is in none.
    func membership(of machine: String, until deadline: Moment) async throws(QueryError) -> Membership? {
        let call = QueryCall("DescribeAutoScalingInstances", [("InstanceIds.member.1", machine)])
        let root = try await client.answer(to: call, until: deadline)
        do throws(XMLError) {
            let members = try root.required("DescribeAutoScalingInstancesResult").required("AutoScalingInstances")
                .children
            guard let member = members.first(where: { $0["InstanceId"]?.text.trimmed == machine }) else {
                // Somebody else's entry is not ours; an entry that names nobody is no answer.
                for member in members { _ = try member.requiredText("InstanceId") }
                return nil
            }
            return Membership(
                group: try member.requiredText("AutoScalingGroupName"), state: try member.requiredText("LifecycleState")
            )
        } catch {
            throw .unreadable(error)
        }
    }

    /// Takes the machine out of the group, whose desired capacity stays (`DetachInstances`).
    func detach(_ machine: String, from group: String, until deadline: Moment) async throws(QueryError) {
        let call = QueryCall(
            "DetachInstances",
            [
                ("AutoScalingGroupName", group), ("InstanceIds.member.1", machine),
                ("ShouldDecrementDesiredCapacity", "false"),
            ])
        _ = try await client.answer(to: call, until: deadline)
    }

    /// The group's hooks for machines that are taken away (`DescribeLifecycleHooks`).
    func terminationHooks(of group: String, until deadline: Moment) async throws(QueryError) -> [Hook] {
        let root = try await client.answer(
            to: QueryCall("DescribeLifecycleHooks", [("AutoScalingGroupName", group)]), until: deadline)
        do throws(XMLError) {
            let members = try root.required("DescribeLifecycleHooksResult").required("LifecycleHooks").children
            var hooks: [Hook] = []
            for member in members
            where try member.requiredText("LifecycleTransition") == "autoscaling:EC2_INSTANCE_TERMINATING" {
                let seconds = member["HeartbeatTimeout"].flatMap { Int($0.text.trimmed) }
                hooks.append(
                    Hook(
                        name: try member.requiredText("LifecycleHookName"),
                        timeout: seconds.flatMap { $0 > 0 ? .seconds($0) : nil }))
            }
            return hooks
        } catch {
            throw .unreadable(error)
        }
    }

    /// Keeps the group waiting for another of the hook's timeouts (`RecordLifecycleActionHeartbeat`).
    func heartbeat(_ hook: String, of group: String, for machine: String, until deadline: Moment)
        async throws(QueryError)
    {
        let call = QueryCall(
            "RecordLifecycleActionHeartbeat",
            [("AutoScalingGroupName", group), ("InstanceId", machine), ("LifecycleHookName", hook)])
        _ = try await client.answer(to: call, until: deadline)
    }

    /// Lets the group go on (`CompleteLifecycleAction` with `CONTINUE`).
    func complete(_ hook: String, of group: String, for machine: String, until deadline: Moment)
        async throws(QueryError)
    {
        let call = QueryCall(
            "CompleteLifecycleAction",
            [
                ("AutoScalingGroupName", group), ("InstanceId", machine), ("LifecycleActionResult", "CONTINUE"),
                ("LifecycleHookName", hook),
            ])
        _ = try await client.answer(to: call, until: deadline)
    }
}
