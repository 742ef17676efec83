/// When a connection has been silent for long enough to be asked whether it lives: a value, all times given as time
/// since some start.
///
/// Calls expect an answer, so their silence is noticed soon; a watch may be silent for good reasons, so it gets more
/// time. Each answered probe doubles the patience (up to eightfold) until something else is heard: a legal 10 s
/// eviction costs two probes, not five.
struct ConnectionSilence: Sendable {
    /// What to do now.
    enum Step: Sendable, Equatable {
        /// Nothing is in flight: wait for the next request.
        case rest
        /// Look again after that time.
        case wait(Duration)
        /// Ask.
        case probe
    }

    private let patience: ConnectionGuard.Patience
    private var calls = 0
    private var watches = 0
    /// Since when calls, and watches, wait without a break.
    private var callsSince = Duration.zero
    private var watchesSince = Duration.zero
    private var lastHeard = Duration.zero
    private var answeredProbes = 0

    /// Silence that is judged by `patience`.
    init(patience: ConnectionGuard.Patience) {
        self.patience = patience
    }

    /// Whether nothing is in flight.
    var isIdle: Bool { calls == 0 && watches == 0 }

    /// A request left.
    mutating func began(_ traffic: ConnectionGuard.Traffic, at now: Duration) {
        if isIdle {
            answeredProbes = 0
        }
        switch traffic {
        case .call:
            if calls == 0 {
                callsSince = now
            }
            calls += 1
        case .watch:
            if watches == 0 {
                watchesSince = now
            }
            watches += 1
        }
    }

    /// A request ended; `heard` when that says something of the connection.
    mutating func ended(_ traffic: ConnectionGuard.Traffic, heard: Bool, at now: Duration) {
        switch traffic {
        case .call: calls -= 1
        case .watch: watches -= 1
        }
        if heard {
            self.heard(at: now)
        }
    }

    /// Something arrived.
    mutating func heard(at now: Duration) {
        lastHeard = now
        answeredProbes = 0
    }

    /// A probe was answered: the connection lives, the requests take their time.
    mutating func probeAnswered(at now: Duration) {
        lastHeard = now
        answeredProbes = min(answeredProbes + 1, 3)
    }

    /// What to do at `now`.
    func step(at now: Duration) -> Step {
        var due: [Duration] = []
        let factor = 1 << answeredProbes
        if calls > 0 {
            due.append(max(lastHeard, callsSince) + patience.calls * factor)
        }
        if watches > 0, let quiet = patience.watches {
            due.append(max(lastHeard, watchesSince) + quiet * factor)
        }
        guard let next = due.min() else {
            // A watch that nobody probes: look again only so that calls which begin meanwhile are seen.
            return watches > 0 ? .wait(patience.calls) : .rest
        }
        // Never longer than a call's patience: a call that begins during the wait must be noticed in its own time.
        return next <= now ? .probe : .wait(min(next - now, patience.calls))
    }
}
