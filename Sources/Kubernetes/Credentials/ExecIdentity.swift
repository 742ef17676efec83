import Synchronization

/// The identity that an exec plugin prints, kept until it expires or is refused.
final class ExecIdentity: CredentialSource {
    /// Renewed that many seconds before its end, so that it does not expire on the way.
    private static let headStart = 10

    private let plugin: ExecPlugin
    private let surroundings: Surroundings
    private let limit: Duration
    private let cached = Mutex<ExecCredential?>(nil)
    private let refresh = SharedRefresh<ExecCredential>()

    /// What `plugin` prints, each run of it bounded by `limit`.
    init(_ plugin: ExecPlugin, surroundings: Surroundings, limit: Duration = .seconds(10)) {
        self.plugin = plugin
        self.surroundings = surroundings
        self.limit = limit
    }

    /// The cached identity, or a new one when that is about to expire.
    func identity() async throws(KubernetesError) -> Identity {
        if let credential = usable(for: Self.headStart) {
            return credential.identity
        }
        do {
            return try await renewed { self.usable(for: Self.headStart) }.identity
        } catch {
            // A failed renewal does not make the old one worse.
            guard let credential = usable(for: 0) else { throw error }
            return credential.identity
        }
    }

    /// A new identity, unless somebody renewed it already or the plugin sticks to the refused one.
    func identity(replacing rejected: Identity) async throws(KubernetesError) -> Identity? {
        let credential = try await renewed {
            self.cached.withLock { $0 }.flatMap { $0.identity == rejected ? nil : $0 }
        }
        return credential.identity == rejected ? nil : credential.identity
    }

    /// What `known` answers, asked when it is our turn, or else what the plugin prints.
    private func renewed(unless known: () -> ExecCredential?) async throws(KubernetesError) -> ExecCredential {
        let outcome = await refresh.outcome { () async -> Result<ExecCredential, KubernetesError> in
            if let credential = known() {
                return .success(credential)
            }
            do throws(KubernetesError) {
                let credential = try await plugin.credential(within: limit, in: surroundings)
                cached.withLock { $0 = credential }
                return .success(credential)
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private func usable(for seconds: Int) -> ExecCredential? {
        let now = surroundings.secondsSince1970()
        return cached.withLock { credential in
            guard let credential, credential.expiry.map({ $0 - now > seconds }) ?? true else { return nil }
            return credential
        }
    }
}
