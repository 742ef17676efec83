import Interruption
import Kubernetes

/// The pauses of a lane that tries again: growing, jittered, and back to the start after a success.
struct Pause: Sendable {
    private var failures = 0
    private var generator: SeededGenerator

    /// Pauses whose jitter comes from `seed`.
    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// How often in a row it went wrong.
    var failureCount: Int { failures }

    /// The pause after one more failure: up to 1 s.
    mutating func afterFailure() -> Duration {
        failures += 1
        let grown = min(Duration.milliseconds(100) * (1 << min(failures, 4)), .seconds(1))
        return grown * Double.random(in: 0.5...1, using: &generator)
    }

    /// The pause after that error, if there was one: the same, but what flow control asks for at least (`FlowWindow`).
    mutating func after(_ error: KubernetesError?) -> Duration {
        let own = afterFailure()
        guard case .throttled(let asked) = error else { return own }
        return max(own, FlowWindow.pause(asked: asked, using: &generator))
    }

    /// It went well.
    mutating func wentWell() {
        failures = 0
    }
}

extension Timeline {
    /// Waits; `false` when the task was cancelled.
    func passes(_ duration: Duration) async -> Bool {
        do {
            try await sleep(until: now.advanced(by: duration), tolerance: nil)
            return true
        } catch {
            return false
        }
    }
}
