import AWS
import Drain
import Interruption
import Kubernetes
import Logging
import Notify
import ServiceLifecycle
import Settings
import Status
import Transport
import UnixSignals

/// The daemon, put together: the one place where its concrete parts meet.
struct Daemon {
    private let settings: HandlerSettings
    private let workplace: Workplace
    private let logger: Logger
    private let registry: PrometheusRegistry
    private let instruments: Instruments
    private let transport: CurlTransport
    private let mail: CurlMailTransport
    private let client: KubernetesClient
    private let cluster: ObservedCluster
    private let lane: NotificationLane
    private let metadata: Heartbeat
    private let provider: any CloudProvider & Diagnosing
    private let examination: Examination

    /// Puts the parts together; nothing is asked or sent yet.
    init(_ intake: Intake, configuration: ClusterConfiguration, in workplace: Workplace) throws {
        settings = intake.settings
        let transport = try CurlTransport(authorities: workplace.authorities)
        self.transport = transport
        let workplace = workplace.waiting(on: transport)
        self.workplace = workplace
        let logger = workplace.logger(format: settings.logFormat, level: settings.logLevel)
        self.logger = logger
        let registry = PrometheusRegistry(
            Metric.product(version: Version.text, channels: intake.channels.channels.map(\.name)))
        registry.exposeProcess()
        self.registry = registry
        let instruments = Instruments(factory: registry)
        self.instruments = instruments
        let timeline = workplace.timeline
        let metadata = Heartbeat(timeline: timeline)
        self.metadata = metadata
        registry.compute(.metadataLastGoodAge) { metadata.age / .seconds(1) }
        mail = CurlMailTransport(authorities: workplace.authorities)
        client = KubernetesClient(
            configuration: configuration, transport: transport, clock: timeline,
            userAgent: "interruption-handler/\(Version.text)",
            observe: { event in
                if event == .abandoned { logger.warning("connection to the API server went silent and was given up") }
            })
        cluster = ObservedCluster(
            api: client, instruments: instruments, reachability: ObservedCluster.Reachability())
        let remarks = SystemRemarks(instruments: instruments, logger: logger, metadata: metadata)
        lane = NotificationLane(
            channels: intake.channelsInUse, carriers: Carriers(web: transport, mail: mail), timeline: timeline
        ) { remarks.note($0) }
        provider = CloudRegistry.provider(
            settings, transport: transport, workplace: workplace, remark: { remarks.note($0) })
        examination = Examination(
            settings: settings, channels: intake.channels, api: cluster, server: configuration.server,
            provider: provider, workplace: workplace)
    }

    /// Runs until SIGTERM or SIGINT, and then until what is in flight is done.
    func run() async throws {
        instruments.started(version: Version.text, at: workplace.anchor.wall, isRehearsal: settings.isDryRun)
        instruments.plannedMaintenance(is: 0)
        logger.info("interruption-handler starts", metadata: settings.logFields)
        let heartbeat = Heartbeat(timeline: workplace.timeline)
        let services: [any Service] = [
            statusServer(heartbeat), LaneService(lane: lane, timeline: workplace.timeline),
            Upkeep(
                heartbeat: heartbeat, connection: client.connectionGuard, transport: transport,
                timeline: workplace.timeline),
            NodeService(
                settings: settings, provider: provider, cluster: cluster, lane: lane, workplace: workplace,
                observer: StatusObserver(
                    instruments: instruments, logger: logger, isRehearsal: settings.isDryRun), logger: logger),
            StartChecks(examination: examination, logger: logger),
        ]
        var configuration = ServiceGroupConfiguration(
            services: services.map { service in
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: service, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup,
                    // Otherwise the whole service is printed, with all settings, and kept.
                    serviceName: "\(type(of: service))")
            },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() })
        // Longer than any try of a channel, shorter than the manifests' grace behind a drain's last steps.
        configuration.maximumGracefulShutdownDuration = .seconds(25)
        defer {
            transport.close()
            mail.close()
        }
        // One thread for what polls, decides and drains, the one that also has the connections: nothing is handed from thread to thread.
        try await withTaskExecutorPreference(transport.executor) {
            try await ServiceGroup(configuration: configuration).run()
        }
        logger.info("interruption-handler ends")
    }

    private func statusServer(_ heartbeat: Heartbeat) -> StatusServer {
        let pages = StatusPages(
            metrics: { [registry] in registry.exposition() }, heartbeatAge: { heartbeat.age },
            obstacles: { [metadata, reachability = cluster.reachability, limit = settings.cloud.longestSilence] in
                let silence = metadata.age.components.seconds
                let stale =
                    !metadata.hasBeaten
                    ? ["the metadata service has not answered yet"]
                    : metadata.age > limit ? ["no good answer of the metadata service for \(silence) s"] : []
                return stale + (reachability.obstacle.map { [$0] } ?? [])
            })
        return StatusServer(
            address: settings.metricsAddress.flatMap { try? ListenAddress("\($0)") }, pages: pages, logger: logger,
            timeline: workplace.timeline)
    }
}
