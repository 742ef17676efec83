import Interruption
import Synchronization
import Transport

/// The credentials to sign with: asked for in the SDKs' order, renewed ahead of their end, fetched once for all who wait. Only credentials
/// are remembered, never a failure.
final class CredentialCache: Sendable {
    /// How long before their end credentials are renewed.
    static let renewalLead = Duration.seconds(300)

    private let sources: [any CredentialSource]
    private let timeline: any Timeline
    private let clock: WorldClock
    private let current = Mutex<AWSCredentials?>(nil)
    private let flight = SingleFlight<Result<AWSCredentials, CredentialError>>()

    init(sources: [any CredentialSource], timeline: any Timeline, clock: WorldClock) {
        self.sources = sources
        self.timeline = timeline
        self.clock = clock
    }

    /// The places in the SDKs' order: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
    static func standardSources(
        surroundings: Surroundings, sts: SecurityTokenService, metadata: MetadataService, transport: any HTTPTransport,
        timeline: any Timeline, jitter: Jitter
    ) -> [any CredentialSource] {
        [
            EnvironmentCredentials(surroundings: surroundings),
            WebIdentityCredentials(surroundings: surroundings, sts: sts, timeline: timeline),
            ContainerCredentials(surroundings: surroundings, transport: transport, timeline: timeline, jitter: jitter),
            InstanceProfileCredentials(metadata: metadata, surroundings: surroundings),
        ]
    }

    /// Credentials that serve now.
    func credentials() async throws(CredentialError) -> AWSCredentials {
        if let fresh = remembered(livingFor: CredentialCache.renewalLead) { return fresh }
        let answer = await flight.value {
            // Somebody may have fetched between our look and our turn.
            if let fresh = remembered(livingFor: CredentialCache.renewalLead) { return .success(fresh) }
            return await fetch()
        }
        switch answer {
        case .success(let credentials): return credentials
        case .failure(let error):
            // An early renewal that fails costs nothing while the old ones serve.
            if let old = remembered(livingFor: .zero) { return old }
            throw error
        case nil: throw .cancelled
        }
    }

    /// AWS called these expired: they are not used again.
    func discard(_ credentials: AWSCredentials) {
        current.withLock { if $0 == credentials { $0 = nil } }
    }

    private func remembered(livingFor time: Duration) -> AWSCredentials? {
        let wall = clock.wall(at: timeline.now)
        return current.withLock { current in
            guard let current else { return nil }
            guard let expiry = current.expiry else { return current }
            return wall.duration(to: expiry) > time ? current : nil
        }
    }

    private func fetch() async -> Result<AWSCredentials, CredentialError>? {
        for source in sources {
            do throws(CredentialError) {
                guard let found = try await source.credentials() else { continue }
                current.withLock { $0 = found }
                return .success(found)
            } catch .cancelled {
                return nil
            } catch {
                return .failure(error)
            }
        }
        return .failure(.none)
    }
}
