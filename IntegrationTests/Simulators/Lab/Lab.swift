import Synchronization

/// A running set of simulators around one node: the cloud, the notification channels and, if given, the cluster.
public final class Lab: Sendable {
    /// What it was made of.
    public let configuration: LabConfiguration
    /// Instance metadata.
    public let metadata: MetadataService
    /// Auto Scaling and Security Token Service.
    public let aws: AWSQueryService
    /// The credential agents of containers.
    public let containers: ContainerCredentialsService
    /// Notification channels.
    public let webhooks: WebhookService
    /// Which credentials are good.
    public let issuer: CredentialIssuer
    /// The authority of the lab's HTTPS servers.
    public let certificates: LabCertificates
    /// The faults of each server.
    public let faults: [LabServerName: FaultScript]
    /// The servers that run.
    public let servers: [LabServerName: LabServer]
    /// Every request to the Kubernetes API, the spoilt ones too.
    public let kubernetesLog: RequestLog
    private let background = Mutex<Task<Void, Never>?>(nil)

    /// Starts every server; throws what binding a port threw, after it stopped the others.
    public static func start(_ configuration: LabConfiguration = LabConfiguration()) async throws -> Lab {
        let lab = try Lab(configuration)
        do {
            for server in lab.servers.values { _ = try await server.start() }
        } catch {
            await lab.stop()
            throw error
        }
        if let work = configuration.background {
            // Owned by the lab: `stop` cancels it and waits for its end.
            let task = Task { await work() }
            lab.background.withLock { $0 = task }
        }
        return lab
    }

    /// Stops every server, and waits for it.
    public func stop() async {
        for server in servers.values { await server.stop() }
        let task = background.withLock { $0 }
        task?.cancel()
        await task?.value
    }

    private init(_ configuration: LabConfiguration) throws {
        let clock = configuration.clock
        var faults: [LabServerName: FaultScript] = [:]
        for (offset, name) in LabServerName.allCases.enumerated() where name != .control {
            faults[name] = FaultScript(seed: configuration.seed &+ UInt64(offset), clock: clock)
        }
        let issuer = CredentialIssuer(seed: configuration.seed, clock: clock)
        let metadata = MetadataService(
            MetadataState(instance: configuration.instance, access: configuration.access), issuer: issuer,
            faults: faults[.metadata], clock: clock, seed: configuration.seed)
        let aws = AWSQueryService(
            groups: configuration.groups, region: configuration.instance.region, issuer: issuer, faults: faults[.aws],
            clock: clock)
        let containers = ContainerCredentialsService(issuer: issuer, faults: faults[.containers], clock: clock)
        let webhooks = WebhookService(faults: faults[.webhooks], clock: clock)
        let certificates = try LabCertificates(names: [Lab.name(of: .kubernetes)])
        let kubernetesLog = RequestLog(clock: clock)
        func server(_ name: LabServerName, _ service: some LabService, closes: Bool = false) -> LabServer {
            LabServer(
                service,
                configuration: LabServerConfiguration(
                    addresses: configuration.addresses, port: configuration.ports[name] ?? 0, closesAfterAnswer: closes)
            )
        }
        var servers: [LabServerName: LabServer] = [
            .metadata: server(.metadata, metadata, closes: configuration.metadataClosesConnections),
            .aws: server(.aws, aws), .containers: server(.containers, containers),
            .webhooks: server(.webhooks, webhooks),
        ]
        if let kubernetes = configuration.kubernetes {
            let faulty =
                faults[.kubernetes].map { FaultyService(kubernetes, faults: $0) as any LabService } ?? kubernetes
            servers[.kubernetes] = LabServer(
                RecordedService(faulty, log: kubernetesLog),
                configuration: LabServerConfiguration(
                    addresses: configuration.addresses, port: configuration.ports[.kubernetes] ?? 0,
                    certificates: certificates, clientCertificates: .optional))
        }
        self.configuration = configuration
        self.metadata = metadata
        self.aws = aws
        self.containers = containers
        self.webhooks = webhooks
        self.issuer = issuer
        self.certificates = certificates
        self.faults = faults
        self.kubernetesLog = kubernetesLog
        self.servers = servers.filter { configuration.serves.contains($0.key) }
    }
}
