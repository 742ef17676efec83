import Interruption
import Synchronization

/// Lets one exchange through at a time, so that one kept-alive connection carries them all; whoever has waited long enough goes anyway,
/// so that an exchange that hangs delays the others by no more than `patience`.
final class Turnstile: Sendable {
    private static let step = Duration.milliseconds(20)

    private let inside = Mutex(0)
    private let timeline: any Timeline
    private let patience: Duration

    init(timeline: any Timeline, patience: Duration = .milliseconds(200)) {
        self.timeline = timeline
        self.patience = patience
    }

    /// What `body` returns, run as soon as nobody else is inside or the patience is over.
    func pass<Result>(_ body: () async -> Result) async -> Result {
        let latest = timeline.now.advanced(by: patience)
        while !enter(anyway: timeline.now >= latest) {
            guard (try? await timeline.sleep(for: Turnstile.step)) != nil else {  // cancelled: the body says so itself
                _ = enter(anyway: true)
                break
            }
        }
        defer { inside.withLock { $0 -= 1 } }
        return await body()
    }

    private func enter(anyway: Bool) -> Bool {
        inside.withLock { inside in
            guard inside == 0 || anyway else { return false }
            inside += 1
            return true
        }
    }
}
