import Interruption

/// The Auto Scaling group as the owner of this machine.
struct AutoScalingGroup: MachineGroup {
    let own: OwnGroup
    let timeline: any Timeline

    func detach(for notice: Notice, until deadline: Deadline) async -> CloudOutcome {
        let latest = deadline.moment.leavingATry(at: timeline.now)
        do throws(QueryError) {
            guard let place = try await own.membership(until: latest) else {
                return .notNeeded("the machine is in no Auto Scaling group")
            }
            guard place.state == "InService" else { return AutoScalingGroup.outcome(ofState: place) }
            let machine = try await own.machine(until: latest)
            do throws(QueryError) {
                try await own.api.detach(machine, from: place.group, until: latest)
                return .done("detached from \(place.group)")
            } catch .refused("ValidationError", let message, let afterSilence) {
                // Between our look and our request the group may have begun to replace the machine, or have heard a request of ours whose
                // answer was lost.
                guard let now = try await own.membership(until: latest) else {
                    return afterSilence
                        ? .done("detached from \(place.group)") : .notNeeded("the machine is in no Auto Scaling group")
                }
                guard now.state == "InService" else { return AutoScalingGroup.outcome(ofState: now) }
                throw .refused(code: "ValidationError", message: message, afterSilence: afterSilence)
            }
        } catch {
            return .failed("\(error)")
        }
    }

    /// A machine that is not in service is not counted, or is being replaced already (as groups with Capacity Rebalancing do on advice).
    private static func outcome(ofState place: AutoScalingAPI.Membership) -> CloudOutcome {
        .notNeeded("the machine is \(place.state) in \(place.group)")
    }
}
