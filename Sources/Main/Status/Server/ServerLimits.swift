/// What a stranger's connections may cost us at most.
public struct ServerLimits: Sendable, Hashable {
    /// Connections at once; further ones are closed as they come.
    public var connections: Int
    /// How long a connection that still owes its request is safe when a newcomer finds no place.
    public var patience: Duration
    /// How long a request may take to arrive.
    public var toSend: Duration
    /// How long an answer may take to be fetched, the goodbye included.
    public var toReceive: Duration
    /// Bytes of one header field, the request's target included.
    public var fieldBytes: Int
    /// Bytes of all header fields.
    public var headerBytes: Int
    /// Bytes that a connection may send in all; what lies behind the request is thrown away.
    public var connectionBytes: Int

    /// Limits from their parts, with the documented defaults.
    public init(
        connections: Int = 32,
        patience: Duration = .seconds(1),
        toSend: Duration = .seconds(5),
        toReceive: Duration = .seconds(5),
        fieldBytes: Int = 4 << 10,
        headerBytes: Int = 8 << 10,
        connectionBytes: Int = 64 << 10
    ) {
        self.connections = connections
        self.patience = patience
        self.toSend = toSend
        self.toReceive = toReceive
        self.fieldBytes = fieldBytes
        self.headerBytes = headerBytes
        self.connectionBytes = connectionBytes
    }
}
