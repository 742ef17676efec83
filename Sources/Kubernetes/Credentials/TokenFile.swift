import Synchronization
import Transport

/// A bearer token in a file that somebody else keeps fresh: the kubelet renews a pod's token when 80 % of its life is
/// over.
///
/// The file is read when the token is needed and the last reading is older than a minute, and at once after a 401. A
/// reading that fails leaves the last token in use, which mostly is still good.
final class TokenFile: CredentialSource {
    private struct Reading {
        var token: Secret
        var time: Duration
    }

    private let path: String
    private let companions: Identity
    private let surroundings: Surroundings
    private let lifetime: Duration
    private let elapsed: @Sendable () -> Duration
    private let latest = Mutex<Reading?>(nil)

    /// The token in the file at `path`; `companions` is what else identifies us.
    init(
        path: String, companions: Identity = Identity(), surroundings: Surroundings, lifetime: Duration = .seconds(60)
    ) {
        self.path = path
        self.companions = companions
        self.surroundings = surroundings
        self.lifetime = lifetime
        elapsed = stopwatch(surroundings.clock)
    }

    /// The token, at most a minute old.
    func identity() throws(KubernetesError) -> Identity {
        let last = latest.withLock { $0 }
        if let last, elapsed() - last.time < lifetime {
            return identity(with: last.token)
        }
        do {
            return identity(with: try read())
        } catch {
            guard let last else { throw error }
            return identity(with: last.token)
        }
    }

    /// The token read anew, unless it is still the refused one.
    func identity(replacing rejected: Identity) throws(KubernetesError) -> Identity? {
        let token = try read()
        return token == rejected.token ? nil : identity(with: token)
    }

    private func identity(with token: Secret) -> Identity {
        var identity = companions
        identity.token = token
        return identity
    }

    private func read() throws(KubernetesError) -> Secret {
        let now = elapsed()
        let bytes: [UInt8]
        do {
            bytes = try surroundings.readFile(path)
        } catch {
            throw .credentialsUnavailable(detail: "token file \(path): \(error)")
        }
        guard let token = Secret(token: bytes) else {
            throw .credentialsUnavailable(detail: "token file \(path): not a token")
        }
        latest.withLock { $0 = Reading(token: token, time: now) }
        return token
    }
}

extension Secret {
    /// A bearer token without the white space around it; `nil` when nothing is left or when it could not stand in a
    /// header.
    init?(token bytes: [UInt8]) {
        let isSpace = { (byte: UInt8) in byte.isJSONWhitespace }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }),
            let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return nil }
        let token = bytes[first...last]
        guard token.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        self.init(String(decoding: token, as: UTF8.self))
    }
}
