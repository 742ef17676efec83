import Interruption

/// What we are in Auto Scaling's eyes: our instance id, and our group.
struct OwnGroup: Sendable {
    let api: AutoScalingAPI
    let facts: MachineFacts
    let timeline: any Timeline
    let jitter: Jitter

    /// This machine's id, asked for again until `deadline` where the metadata service cannot say; at least one try is made.
    func machine(until deadline: Moment) async throws(QueryError) -> String {
        var failures = 0
        while true {
            let words: String
            switch await facts.reading(of: .instanceID) {
            case .success(let machine?): return machine
            case .success(nil): throw .misconfigured("the metadata service knows no instance id")
            case .failure(.cancelled): throw .cancelled
            case .failure(let error): words = "\(error)"
            }
            failures += 1
            let pause = QueryClient.backoff.pause(after: failures, by: jitter)
            guard timeline.now.advanced(by: pause) < deadline else {
                throw .outOfTime(last: "the instance id is not known: \(words)")
            }
            guard (try? await timeline.sleep(for: pause)) != nil else { throw .cancelled }
        }
    }

    /// This machine's place in its group; `nil` when it is in none.
    func membership(until deadline: Moment) async throws(QueryError) -> AutoScalingAPI.Membership? {
        try await api.membership(of: try await machine(until: deadline), until: deadline)
    }
}

extension Moment {
    /// This deadline, or a little later than `now` when it is so close that not even one try would fit.
    func leavingATry(at now: Moment) -> Moment {
        max(self, now.advanced(by: .seconds(10)))
    }
}
