public import Interruption
public import Transport

/// Amazon EC2: the door of this module.
public struct AWSProvider: CloudProvider {
    /// Always `aws`.
    public let name = "aws"
    /// The sources that are on, in no order that matters.
    public let sources: [any InterruptionSource]
    /// The group's termination hooks; `nil` when they are not wanted.
    public let hook: (any TerminationHook)?
    /// The group to be detached from; `nil` when that is not wanted.
    public let group: (any MachineGroup)?

    /// Looks at everything before the day.
    let examiner: AWSExaminer

    private static let identityTime = Duration.seconds(3)

    private let facts: MachineFacts
    private let clock: WorldClock
    private let timeline: any Timeline

    /// The provider. Nothing is sent before a source runs or something is asked.
    ///
    /// `anchor` is the node's own idea of the time; `remark` takes what is worth a log line or a metric, and must return at once.
    public init(
        settings: AWSSettings, transport: any HTTPTransport, timeline: any Timeline, anchor: WallClockAnchor,
        surroundings: Surroundings, jitter: Jitter = Jitter(), remark: @escaping @Sendable (AWSRemark) -> Void
    ) {
        let clock = WorldClock(anchor: anchor, remark: remark)
        let rest = ServiceRest(every: settings.cadence.poll, jitter: jitter)
        let service = {
            @Sendable
            (
                mode: TokenMode, patience: MetadataService.Patience, remark: @escaping @Sendable (AWSRemark) -> Void
            ) in
            MetadataService(
                endpoint: settings.endpoint, mode: mode, patience: patience,
                transport: transport, timeline: timeline, clock: clock, rest: rest, remark: remark)
        }
        let metadata = service(settings.tokens, .polling(every: settings.cadence.poll), remark)
        let facts = MachineFacts(metadata: metadata)
        let region = RegionFinder(surroundings: surroundings, facts: facts)
        let client = { (endpoint: ServiceEndpoint, credentials: CredentialCache?) in
            QueryClient(
                endpoint: endpoint, surroundings: surroundings, transport: transport, timeline: timeline,
                jitter: jitter,
                credentials: credentials, region: region, remark: remark)
        }
        let places = CredentialCache.standardSources(
            surroundings: surroundings, sts: SecurityTokenService(client: client(.sts, nil)), metadata: metadata,
            transport: transport, timeline: timeline, jitter: jitter)
        let credentials = CredentialCache(sources: places, timeline: timeline, clock: clock)
        let own = OwnGroup(
            api: AutoScalingAPI(client: client(.autoScaling, credentials)), facts: facts, timeline: timeline,
            jitter: jitter)
        let hooks = TerminationHooks(own: own, timeline: timeline, names: settings.hookNames)

        let loop = { (source: AWSSource) in
            SourceLoop(name: source.rawValue, metadata: metadata, timeline: timeline, jitter: jitter, remark: remark)
        }
        sources = AWSSource.allCases.filter { settings.sources.contains($0) }.map { source -> any InterruptionSource in
            switch source {
            case .spot: SpotSource(loop: loop(source), facts: facts, clock: clock, settings: settings)
            case .rebalance: RebalanceSource(loop: loop(source), facts: facts, clock: clock, settings: settings)
            case .maintenance:
                MaintenanceSource(loop: loop(source), clock: clock, settings: settings, surroundings: surroundings)
            case .scaleIn:
                ScaleInSource(loop: loop(source), facts: facts, clock: clock, settings: settings, hooks: hooks)
            }
        }
        hook = settings.completesHooks ? hooks : nil
        group = settings.detaches ? AutoScalingGroup(own: own, timeline: timeline) : nil
        examiner = AWSExaminer(
            settings: settings, service: { mode in service(mode, AWSExaminer.patience) { _ in } }, facts: facts,
            places: places, own: own,
            clock: clock, timeline: timeline)
        self.facts = facts
        self.clock = clock
        self.timeline = timeline
    }

    /// The world's time as it is believed now: the node's, or the metadata service's when the node's was off.
    public var anchor: WallClockAnchor { clock.anchor }

    /// What is known by now of this machine.
    public var knownIdentity: MachineIdentity { facts.identity }

    /// What EC2 knows this machine as, as far as it answers within 3 seconds.
    public func identity() async -> MachineIdentity {
        await withDiscardingTaskGroup { group in
            let (ends, end) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            group.addTask {
                await facts.learn()
                end.yield()
            }
            group.addTask {
                // Ends early only by cancellation, when everything is known.
                try? await timeline.sleep(for: AWSProvider.identityTime)
                end.yield()
            }
            for await _ in ends { break }
            group.cancelAll()
        }
        return facts.identity
    }
}
