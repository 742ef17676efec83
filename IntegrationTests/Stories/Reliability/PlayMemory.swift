import Synchronization

/// What a play remembers of itself for the judge.
final class PlayMemory: Sendable {
    private struct State {
        var noticed: Int?
        var withdrawn: Int?
        var uncordons = 0
        var isPersonsDrainDone = false
    }

    private let state = Mutex(State())

    /// The cluster's version when the notice was given; the first counts.
    var noticed: Int? { state.withLock { $0.noticed } }
    /// The cluster's version when everything was taken back.
    var withdrawn: Int? { state.withLock { $0.withdrawn } }
    /// How often a person made the node schedulable.
    var uncordons: Int { state.withLock { $0.uncordons } }
    /// Whether a person drained the node.
    var isPersonsDrainDone: Bool { state.withLock { $0.isPersonsDrainDone } }

    /// Notes that the notice was given.
    func notice(at version: Int) { state.withLock { $0.noticed = $0.noticed ?? version } }
    /// Notes that everything was taken back.
    func withdrawal(at version: Int) { state.withLock { $0.withdrawn = version } }
    /// Notes that a person makes the node schedulable.
    func personUncordons() { state.withLock { $0.uncordons += 1 } }
    /// Notes that a person has drained the node.
    func personDrained() { state.withLock { $0.isPersonsDrainDone = true } }
}
