/// Something that goes wrong with some of the requests.
public struct ClusterFault: Sendable {
    /// What goes wrong.
    public enum Effect: Sendable {
        /// 401, as for a token that expired.
        case unauthorized
        /// 403, as RBAC answers.
        case forbidden
        /// 404 for the object asked for.
        case notFound
        /// 409, as for a stale resourceVersion.
        case conflict
        /// 410 Expired; on a watch as an ERROR event in a 200.
        case gone
        /// 429 `text/plain` of priority and fairness or of max-in-flight, with `Retry-After` in seconds.
        case tooManyRequests(retryAfter: Int)
        /// 429 of a budget of that name; with `Retry-After: 10` when it is still being processed.
        case budget(String, isProcessing: Bool)
        /// 500 InternalError.
        case internalError
        /// 503 ServiceUnavailable.
        case unavailable
        /// 504 Timeout.
        case timeout
        /// What an admission webhook of that name answers, with its own status code.
        case webhookDenial(String, code: Int, message: String)
        /// Any status with any body.
        case answer(status: Int, contentType: String, body: String)
        /// Never answered; the connection stays open.
        case hang
        /// The connection or stream is closed without an answer.
        case drop
        /// The whole connection goes silent.
        case silence
        /// Done, but the connection or stream is closed before the answer.
        case lostAnswer
        /// Answered that much later.
        case delay(Duration)
        /// Answered byte by byte, with that pause before each.
        case slow(every: Duration)
        /// Answered with the first bytes only, then the end of the connection.
        case truncated(after: Int)
    }

    /// What goes wrong.
    public var effect: Effect
    /// The verb concerned (`get`, `list`, `watch`, `create`, `patch`, `update`, `delete`); nil for any.
    public var verb: String?
    /// The resource concerned, with its subresource behind a slash (`pods/eviction`); nil for any.
    public var resource: String?
    /// The namespace concerned; nil for any.
    public var namespace: String?
    /// The object's name; nil for any.
    public var name: String?
    /// How many matching requests pass before it begins.
    public var skipping: Int
    /// How many matching requests it hits; nil for all.
    public var times: Int?
    /// How likely it hits a matching request, from 0 to 1, by the cluster's seeded generator.
    public var probability: Double

    /// A fault; by default it hits every request.
    public init(
        _ effect: Effect, verb: String? = nil, resource: String? = nil, namespace: String? = nil, name: String? = nil,
        skipping: Int = 0, times: Int? = nil, probability: Double = 1
    ) {
        self.effect = effect
        self.verb = verb
        self.resource = resource
        self.namespace = namespace
        self.name = name
        self.skipping = skipping
        self.times = times
        self.probability = probability
    }

    private func matches(_ call: APICall) -> Bool {
        (verb == nil || verb == call.verb) && (resource == nil || resource == call.qualifiedResource)
            && (namespace == nil || namespace == call.namespace) && (name == nil || name == call.name)
    }

    /// Whether it hits this request, counting it.
    mutating func hits(_ call: APICall, _ random: inout SeededRandom) -> Bool {
        guard matches(call) else { return false }
        if skipping > 0 {
            skipping -= 1
            return false
        }
        if let times {
            guard times > 0 else { return false }
        }
        if probability < 1, Double.random(in: 0..<1, using: &random) >= probability { return false }
        if let times { self.times = times - 1 }
        return true
    }
}

/// The cluster's only source of chance: the same seed, the same names, UIDs and faults.
struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A version 4 UUID.
    mutating func uuid() -> String {
        let digits = Self.hexadecimal(next()) + Self.hexadecimal(next())
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index == 8 || index == 12 || index == 16 || index == 20 { text.append("-") }
            text.append(index == 12 ? "4" : index == 16 ? "a" : digit)
        }
        return text
    }

    /// Five characters such as the API server appends to a `generateName`.
    mutating func suffix() -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        return String((0..<5).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &self)] })
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
