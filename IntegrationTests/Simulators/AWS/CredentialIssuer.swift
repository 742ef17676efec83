import Synchronization

/// Keys that the simulated AWS accepts.
public struct SimulatedCredentials: Sendable, Hashable {
    /// The public half.
    public var accessKeyID: String
    /// The secret half.
    public var secretAccessKey: String
    /// What temporary credentials must show beside the signature; nil for a user's own keys.
    public var sessionToken: String?
    /// When they stop working; nil for never.
    public var expiration: WallTime?

    /// Credentials with all their parts.
    public init(accessKeyID: String, secretAccessKey: String, sessionToken: String?, expiration: WallTime?) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }
}

/// Who hands out credentials, and knows which are good: shared by everything in one simulated account.
public final class CredentialIssuer: Sendable {
    private struct State {
        var generator: SeededGenerator
        var issued: [String: SimulatedCredentials] = [:]
    }

    private let state: Mutex<State>
    private let clock: any WallClock

    /// An issuer whose credentials depend on nothing but the seed.
    public init(seed: UInt64 = 7, clock: any WallClock = SystemWallClock()) {
        state = Mutex(State(generator: SeededGenerator(seed: seed)))
        self.clock = clock
    }

    /// New temporary credentials that work for that long.
    public func issue(for lifetime: Duration = .seconds(3600)) -> SimulatedCredentials {
        let expiration = clock.now.advanced(by: lifetime)
        return state.withLock { state in
            let credentials = SimulatedCredentials(
                accessKeyID: "ASIA" + Self.text(16, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", &state.generator),
                secretAccessKey: Self.text(40, of: Self.base64, &state.generator),
                sessionToken: "IQoJb3JpZ2luX2Vj" + Self.text(800, of: Self.base64, &state.generator) + "==",
                expiration: expiration)
            state.issued[credentials.accessKeyID] = credentials
            return credentials
        }
    }

    /// New keys of a user, without session token and end.
    public func issueLongLived() -> SimulatedCredentials {
        state.withLock { state in
            let credentials = SimulatedCredentials(
                accessKeyID: "AKIA" + Self.text(16, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", &state.generator),
                secretAccessKey: Self.text(40, of: Self.base64, &state.generator), sessionToken: nil, expiration: nil)
            state.issued[credentials.accessKeyID] = credentials
            return credentials
        }
    }

    /// Accepts credentials that were made elsewhere.
    public func accept(_ credentials: SimulatedCredentials) {
        state.withLock { $0.issued[credentials.accessKeyID] = credentials }
    }

    /// The credentials with that key; nil when nobody was ever given it.
    public func credentials(_ accessKeyID: String) -> SimulatedCredentials? {
        state.withLock { $0.issued[accessKeyID] }
    }

    /// Lets everything temporary that was handed out so far expire now.
    public func expireAll() {
        let now = clock.now
        state.withLock { state in
            for (id, credentials) in state.issued where credentials.expiration != nil {
                state.issued[id]?.expiration = now
            }
        }
    }

    private static let base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    private static func text(_ count: Int, of alphabet: String, _ generator: inout SeededGenerator) -> String {
        let letters = Array(alphabet.utf8)
        let bytes = (0..<count).map { _ in letters[Int.random(in: letters.indices, using: &generator)] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
