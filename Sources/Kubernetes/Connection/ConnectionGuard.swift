import Synchronization
import Transport

/// Notices a connection to the API server that went silent without closing, and gives it up, so that everything in
/// flight on it fails at once with `connectionLost` and can be asked again on a fresh one.
///
/// Run it beside the client, once. While requests are in flight and nothing arrives, it sends one `GET /livez` on the
/// same connection; any answer, whatever its status, is a sign of life. While nothing is in flight it sleeps without a
/// timer.
public final class ConnectionGuard: Sendable {
    /// How long silence is borne.
    public struct Patience: Sendable, Hashable {
        /// With calls in flight: silence before a probe. Doubles with each answered probe until something else is
        /// heard.
        public var calls: Duration
        /// With only watches in flight; `nil` never probes for them. Doubles likewise.
        public var watches: Duration?
        /// Time for the probe's answer.
        public var probe: Duration

        /// Patience from its parts: a dead connection is found 4 s after the last word with calls in flight, 7 s with
        /// only a watch.
        public init(calls: Duration = .seconds(2), watches: Duration? = .seconds(5), probe: Duration = .seconds(2)) {
            self.calls = calls
            self.watches = watches
            self.probe = probe
        }
    }

    /// What the guard does, for metrics.
    public enum Event: Sendable, Hashable {
        /// One extra request was sent.
        case probed
        /// A connection was given up.
        case abandoned
    }

    /// What is in flight.
    enum Traffic: Sendable {
        /// An exchange that should be answered soon.
        case call
        /// A stream that may be silent for good reasons.
        case watch
    }

    private struct State {
        var silence: ConnectionSilence
        /// The last request sent: the probe takes after it, so that it takes the same connection.
        var latest: HTTPRequest?
        var wakeup: AsyncStream<Void>.Continuation?
    }

    private let server: String
    private let transport: any HTTPTransport
    private let clock: any Clock<Duration>
    private let elapsed: @Sendable () -> Duration
    private let patience: Patience
    private let observe: @Sendable (Event) -> Void
    private let state: Mutex<State>

    /// A guard of the connections to `server`.
    init(
        server: String, transport: any HTTPTransport, clock: any Clock<Duration>, patience: Patience,
        observe: @escaping @Sendable (Event) -> Void
    ) {
        self.server = server
        self.transport = transport
        self.clock = clock
        elapsed = stopwatch(clock)
        self.patience = patience
        self.observe = observe
        state = Mutex(State(silence: ConnectionSilence(patience: patience)))
    }

    /// Watches over the connection until the task is cancelled.
    public func run() async {
        let (wakeups, wakeup) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let isBusy = state.withLock { state in
            state.wakeup = wakeup
            return !state.silence.isIdle
        }
        if isBusy {
            wakeup.yield()
        }
        for await _ in wakeups {
            await watchOver()
        }
    }

    /// A request leaves.
    func began(_ traffic: Traffic, with request: HTTPRequest) {
        let now = elapsed()
        let wakeup = state.withLock { state in
            let wasIdle = state.silence.isIdle
            state.silence.began(traffic, at: now)
            state.latest = request
            return wasIdle ? state.wakeup : nil
        }
        wakeup?.yield()
    }

    /// A request ended; `heard` when that says something of the connection.
    func ended(_ traffic: Traffic, heard: Bool) {
        let now = elapsed()
        state.withLock { $0.silence.ended(traffic, heard: heard, at: now) }
    }

    /// A piece of a stream arrived.
    func heard() {
        let now = elapsed()
        state.withLock { $0.silence.heard(at: now) }
    }

    /// Returns when nothing is in flight any more.
    private func watchOver() async {
        while !Task.isCancelled {
            let now = elapsed()
            switch state.withLock({ $0.silence.step(at: now) }) {
            case .rest:
                return
            case .wait(let time):
                // Cancellation is all it throws, and the loop asks for that.
                try? await clock.sleep(for: time)
            case .probe:
                await probe()
            }
        }
    }

    private func probe() async {
        guard var request = state.withLock({ $0.latest }) else { return }
        request.method = .get
        request.url = Secret(server + "/livez")
        request.headers["Content-Type"] = nil
        request.body = nil
        request.timeout = patience.probe
        observe(.probed)
        do throws(TransportError) {
            _ = try await transport.send(request)
            answered()
        } catch .timedOut {
            transport.abandonConnections(to: request.origin)
            observe(.abandoned)
            // Whatever takes its place gets its own time.
            heard()
        } catch {
            // Refused, broken, closed: the transport knows about that connection, there is nothing to give up.
            answered()
        }
    }

    private func answered() {
        let now = elapsed()
        state.withLock { $0.silence.probeAnswered(at: now) }
    }
}

/// A function that tells the time since it was made.
func stopwatch<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> Duration {
    let start = clock.now
    return { start.duration(to: clock.now) }
}
