/// When a fault happens: to which requests, how often, how long.
public struct FaultRule: Sendable {
    /// What happens.
    public var fault: Fault
    /// The method it happens to; nil for any.
    public var method: String?
    /// The path it happens to, or its beginning followed by `*`; nil for any.
    public var path: String?
    /// The query API's action it happens to; nil for any.
    public var action: String?
    /// How many matching requests pass before it happens for the first time.
    public var skipping: Int
    /// How often it happens; nil for ever.
    public var times: Int?
    /// The instant from which it no longer happens; nil for never.
    public var until: WallTime?
    /// How likely it is to happen to a matching request, 0…1.
    public var probability: Double

    /// A rule that hits every request, always, unless told otherwise.
    public init(
        _ fault: Fault, method: String? = nil, path: String? = nil, action: String? = nil, skipping: Int = 0,
        times: Int? = nil, until: WallTime? = nil, probability: Double = 1
    ) {
        self.fault = fault
        self.method = method
        self.path = path
        self.action = action
        self.skipping = skipping
        self.times = times
        self.until = until
        self.probability = probability
    }

    /// Whether a request is of the sort that this rule is about.
    func concerns(_ request: LabRequest) -> Bool {
        if let method, method != request.method { return false }
        if let path {
            let isConcerned = path.hasSuffix("*") ? request.path.hasPrefix(path.dropLast()) : request.path == path
            if !isConcerned { return false }
        }
        guard let action else { return true }
        return RequestTarget.pairs(request.body).contains { $0.name == "Action" && $0.value == action }
    }

    /// Whether it has happened as often or as long as it should.
    func isSpent(at now: WallTime) -> Bool {
        if let times, times <= 0 { return true }
        if let until, now >= until { return true }
        return false
    }
}
