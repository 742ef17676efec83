import Interruption
import Kubernetes

/// How long to wait before a pod is asked for again.
struct RetryPace: Sendable {
    /// What was answered.
    var error: KubernetesError
    /// How often in a row it was refused, this time included.
    var refusals: Int
    /// How many pods wait for a budget now; their questions together are kept under 25 a second.
    var crowd: Int
    /// How long it is to the pod's own time; `nil` when it never comes or has come.
    var toOwnTime: Duration?

    /// The pause, jittered so that pods refused together do not come back together.
    func pause(using generator: inout SeededGenerator) -> Duration {
        let (base, asked) = times
        let jittered = base * Double.random(in: 0.75...1.25, using: &generator)
        guard let asked else { return jittered }
        // The server's word is a lower bound, so its jitter only adds.
        return max(jittered, asked + spread * Double.random(in: 0...1, using: &generator))
    }

    /// Within which time those come back who were told the same: flow control tells thousands at once, and the longer it
    /// refuses, the more of them there are.
    private var spread: Duration {
        guard case .throttled = error else { return .milliseconds(250) }
        return .seconds(1 << min(max(0, refusals - 1), 3))
    }

    /// Our own measure, and the server's word.
    private var times: (base: Duration, asked: Duration?) {
        switch error {
        case .budgetRefused(_, _, let asked):
            (max(grown(from: .seconds(1), upTo: patience), .milliseconds(40) * crowd), asked)
        case .throttled(let asked):
            (grown(from: .milliseconds(250), upTo: .seconds(1)), asked)
        case .serverFailed(_, _, let asked):
            (grown(from: .milliseconds(100), upTo: .milliseconds(800)), asked)
        case .denied:
            (grown(from: .seconds(1), upTo: max(patience, .seconds(5))), nil)
        case .severalBudgets, .forbidden, .invalid:
            (toOwnTime.map { min(max($0 / 12, .seconds(8)), .seconds(60)) } ?? .seconds(4), nil)
        case .unanswered, .credentialsUnavailable, .unauthorized, .garbled, .conflict, .expired,
            .namespaceTerminating, .notFound, .otherUID:
            (grown(from: .milliseconds(100), upTo: .milliseconds(800)), nil)
        }
    }

    /// The further its own time is away, the longer a pod can wait for its budget: 2 s under a short notice, half a
    /// minute at most.
    private var patience: Duration {
        min(max((toOwnTime ?? .zero) / 60, .seconds(2)), .seconds(30))
    }

    private func grown(from base: Duration, upTo limit: Duration) -> Duration {
        var pause = base
        for _ in 1..<max(1, min(refusals, 12)) where pause < limit { pause = pause * 1.5 }
        return min(pause, limit)
    }
}
