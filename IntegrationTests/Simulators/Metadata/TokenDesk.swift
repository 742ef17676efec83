import Synchronization

/// Who gives out session tokens, and remembers until when they are good.
final class TokenDesk: Sendable {
    private struct State {
        var generator: SeededGenerator
        var ends: [String: WallTime] = [:]
        var issued = 0
    }

    private let state: Mutex<State>
    private let capacity = 10_000

    init(seed: UInt64) {
        state = Mutex(State(generator: SeededGenerator(seed: seed)))
    }

    /// How many tokens were given out.
    var issuedCount: Int { state.withLock { $0.issued } }

    /// A new token that is good until then.
    func issue(until end: WallTime) -> String {
        state.withLock { state in
            let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
            let random = (0..<50).map { _ in letters[Int.random(in: letters.indices, using: &state.generator)] }
            let token = "AQAE" + String(decoding: random, as: UTF8.self) + "=="
            // Whoever asks for a token with every request must not fill the memory: the oldest of them end early.
            if state.ends.count >= capacity, let oldest = state.ends.min(by: { $0.value < $1.value })?.key {
                state.ends[oldest] = nil
            }
            state.ends[token] = end
            state.issued += 1
            return token
        }
    }

    /// Until when a token is good; nil for one that was never given out, or is over.
    func end(of token: String, at now: WallTime) -> WallTime? {
        state.withLock { $0.ends[token] }.flatMap { $0 > now ? $0 : nil }
    }

    /// Ends all tokens.
    func expireAll() {
        state.withLock { $0.ends = [:] }
    }
}
