/// One request that the simulator answered.
public struct RequestRecord: Sendable {
    /// When it arrived, as time since 1970.
    public let time: Duration
    /// The verb, for example `get` or `watch`.
    public let verb: String
    /// The resource with its subresource, or the path of what is no resource.
    public let resource: String
    /// The object's namespace.
    public let namespace: String?
    /// The object's name.
    public let name: String?
    /// Who sent it.
    public let user: String
    /// The status of the answer; 0 when there was none (a hang, a drop).
    public let status: Int
    /// The client's name for itself.
    public let userAgent: String
    /// Which connection carried it.
    public let connection: Int
    /// Whether it came over HTTP/2.
    public let isHTTP2: Bool
}

/// One attempt to make a pod leave.
public struct RemovalRecord: Sendable {
    /// How it was asked.
    public enum Way: Sendable {
        /// Through the eviction subresource.
        case eviction
        /// By DELETE.
        case deletion
    }
    /// How it was asked.
    public let way: Way
    /// When, as time since 1970.
    public let time: Duration
    /// The pod.
    public let pod: ObjectKey
    /// The UID of the pod of that name at that moment; nil when there was none.
    public let uid: String?
    /// The node of that pod.
    public let node: String?
    /// The UID that the client demanded.
    public let demandedUID: String?
    /// The grace that the client asked for, in seconds.
    public let grace: Int?
    /// Whether it was only a trial.
    public let isDryRun: Bool
    /// The status of the answer.
    public let status: Int
}

/// How often a kind of request was made.
public struct RequestKind: Sendable, Hashable {
    /// The verb.
    public let verb: String
    /// The resource with its subresource, or the path of what is no resource.
    public let resource: String

    /// For example `create`, `pods/eviction`.
    public init(_ verb: String, _ resource: String) {
        self.verb = verb
        self.resource = resource
    }
}

/// The memory of what was asked, for assertions; the oldest records go first when there are too many.
struct RequestLedger: Sendable {
    private(set) var counts: [RequestKind: Int] = [:]
    private(set) var requests: [RequestRecord] = []
    private(set) var removals: [RemovalRecord] = []
    /// How often an eviction found its budget changed by another one, and slept.
    var lostRaces = 0
    private let limit = 20_000

    mutating func arrived(_ call: APICall) {
        counts[RequestKind(call.verb, call.qualifiedResource), default: 0] += 1
    }

    mutating func answered(_ record: RequestRecord) {
        requests.append(record)
        if requests.count > limit + limit / 4 { requests.removeFirst(requests.count - limit) }
    }

    mutating func removal(_ record: RemovalRecord) {
        removals.append(record)
        if removals.count > limit + limit / 4 { removals.removeFirst(removals.count - limit) }
    }

    mutating func forget() { self = RequestLedger() }
}
