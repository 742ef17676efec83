import Interruption

/// What we are in Auto Scaling's eyes: our instance id, and our group.
struct OwnGroup: Sendable {
    let api: AutoScalingAPI
    let facts: MachineFacts

    /// This machine's id; throws when the metadata service does not say.
    func machine() async throws(QueryError) -> String {
        guard let machine = await facts.value(of: .instanceID) else {
            if Task.isCancelled { throw .cancelled }
            throw .misconfigured("the instance id is not known")
        }
        return machine
    }

    /// This machine's place in its group; `nil` when it is in none.
    func membership(until deadline: Moment) async throws(QueryError) -> AutoScalingAPI.Membership? {
        try await api.membership(of: try await machine(), until: deadline)
    }
}

extension Moment {
    /// This deadline, or a little later than `now` when it is so close that not even one try would fit.
    func leavingATry(at now: Moment) -> Moment {
        max(self, now.advanced(by: .seconds(10)))
    }
}
