import Synchronization
import Transport

/// Cuts a watch into its lines and reports each as an event.
final class WatchSink<Object: JSONReadable & Sendable>: BodySink {
    private struct State {
        var sieve: JSONSieve
        var lines: LineSplitter

        mutating func take(_ bytes: [UInt8]) -> [[UInt8]]? { lines.lines(in: sieve.sifted(bytes)) }
        var failure: KubernetesError?
    }

    private let state: Mutex<State>
    private let report: @Sendable (WatchLine<Object>.Content) -> Void

    /// A sink that keeps what is `selected` of each line, and refuses lines of more than `lineLimit` bytes.
    init(
        _ selected: JSONSelection, lineLimit: Int, report: @escaping @Sendable (WatchLine<Object>.Content) -> Void
    ) {
        state = Mutex(State(sieve: JSONSieve(selected), lines: LineSplitter(limit: lineLimit)))
        self.report = report
    }

    /// Takes one piece of the stream; `false` once the watch is over.
    func receive(_ bytes: [UInt8]) -> Bool {
        guard let lines = state.withLock({ $0.take(bytes) }) else {
            return fail(.garbled(detail: "a watch event of more than the limit"))
        }
        // Pieces come one after another, so events stay in order though nothing is locked while they are reported.
        for line in lines {
            do throws(KubernetesError) {
                let content = try JSON.decode(WatchLine<Object>.self, from: line).content
                if case .error(let status) = content {
                    throw KubernetesError(status, code: status.code ?? 500, retryAfter: nil)
                }
                report(content)
            } catch {
                return fail(error)
            }
        }
        return true
    }

    /// Throws why the watch is over, unless the server ended it in good order.
    func finish() throws(KubernetesError) {
        let (failure, rest) = state.withLock { ($0.failure, $0.lines.hasRest) }
        if let failure {
            throw failure
        }
        if rest {
            throw .unanswered(.connectionLost(detail: "the watch ended in the middle of an event"))
        }
    }

    private func fail(_ error: KubernetesError) -> Bool {
        state.withLock { $0.failure = error }
        return false
    }
}

extension WatchSink<PodBody> {
    /// A sink for a watch of pods.
    convenience init(podLinesUpTo lineLimit: Int, report: @escaping @Sendable (PodWatchEvent) -> Void) {
        self.init(.podWatchLine, lineLimit: lineLimit) { content in
            if let event = PodWatchEvent(content) { report(event) }
        }
    }
}
