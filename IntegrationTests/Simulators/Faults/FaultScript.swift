import Synchronization

/// The faults that a service is to suffer, in the order of the rules; the first rule that fires decides.
public final class FaultScript: Sendable {
    private struct State {
        var rules: [FaultRule] = []
        var generator: SeededGenerator
        var suffered = 0
    }

    private let state: Mutex<State>
    private let clock: any WallClock
    private let pauses: any Clock<Duration>

    /// An empty script; the seed decides how probabilities fall, `pauses` waits for late answers.
    public init(
        seed: UInt64 = 1, clock: any WallClock = SystemWallClock(), pauses: any Clock<Duration> = ContinuousClock()
    ) {
        state = Mutex(State(generator: SeededGenerator(seed: seed)))
        self.clock = clock
        self.pauses = pauses
    }

    /// How many requests were hit so far.
    public var sufferedCount: Int { state.withLock { $0.suffered } }

    /// The rules that can still fire.
    public var rules: [FaultRule] {
        state.withLock { state in state.rules.filter { !$0.isSpent(at: clock.now) } }
    }

    /// Adds a rule after the others.
    public func add(_ rule: FaultRule) {
        state.withLock { $0.rules.append(rule) }
    }

    /// Adds a fault for the next requests to that path (or beginning with it, if it ends in `*`).
    public func add(_ fault: Fault, to path: String? = nil, times: Int? = nil) {
        add(FaultRule(fault, path: path, times: times))
    }

    /// Forgets all rules.
    public func clear() {
        state.withLock { $0.rules = [] }
    }

    /// The answer that a request gets: the honest one, unless a rule fires; the honest one is not asked for when its
    /// content does not matter, so that a failed request changes nothing.
    func answer(to request: LabRequest, honestly honest: () async -> LabResponse) async -> LabResponse {
        guard let fault = nextFault(for: request) else { return await honest() }
        switch fault {
        case .late(let delay):
            // A cancelled wait means that nobody listens any more; what is answered then does not matter.
            try? await pauses.sleep(for: delay)
            return await honest()
        case .truncated, .slow, .wrongCharset:
            return fault.spoiling(await honest())
        default:
            return fault.spoiling(.text(200, ""))
        }
    }

    private func nextFault(for request: LabRequest) -> Fault? {
        let now = clock.now
        return state.withLock { state in
            state.rules.removeAll { $0.isSpent(at: now) }
            for index in state.rules.indices where state.rules[index].concerns(request) {
                if state.rules[index].skipping > 0 {
                    state.rules[index].skipping -= 1
                    continue
                }
                let probability = state.rules[index].probability
                if probability < 1, Double.random(in: 0..<1, using: &state.generator) >= probability { continue }
                state.rules[index].times? -= 1
                state.suffered += 1
                return state.rules[index].fault
            }
            return nil
        }
    }
}

/// Any service, with faults in front of it.
public struct FaultyService: LabService {
    private let service: any LabService
    private let faults: FaultScript

    /// The service as the script lets it answer.
    public init(_ service: any LabService, faults: FaultScript) {
        self.service = service
        self.faults = faults
    }

    /// The service's answer, unless a fault comes first.
    public func respond(to request: LabRequest) async -> LabResponse {
        await faults.answer(to: request) { await service.respond(to: request) }
    }
}
