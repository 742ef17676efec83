public import Transport

/// `ClusterAPI` over HTTP: the door of this module.
///
/// All calls share one HTTP/2 connection where the server offers it. Run `connectionGuard` beside the client, or a
/// connection that went silent is noticed only when each call's own time is over.
public struct KubernetesClient: ClusterAPI {
    /// Where the server is and who we are.
    let configuration: ClusterConfiguration
    /// What carries the requests.
    let transport: any HTTPTransport
    /// Time and bytes for each kind of call.
    let limits: Limits
    /// The `User-Agent`, also the name under which the server's field managers and audit log know us.
    let userAgent: String
    /// Notices a silent connection; costs nothing while nothing is in flight.
    public let connectionGuard: ConnectionGuard

    /// A client of the server that `configuration` names.
    ///
    /// `observe` is told of each extra request that the guard sends and of each connection that it gives up, for
    /// metrics.
    public init(
        configuration: ClusterConfiguration,
        transport: any HTTPTransport,
        clock: any Clock<Duration>,
        limits: Limits = Limits(),
        patience: ConnectionGuard.Patience = ConnectionGuard.Patience(),
        userAgent: String = "interruption-handler",
        observe: @escaping @Sendable (ConnectionGuard.Event) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.transport = transport
        self.limits = limits
        self.userAgent = userAgent
        connectionGuard = ConnectionGuard(
            server: configuration.server, transport: transport, clock: clock, patience: patience, observe: observe)
    }
}
