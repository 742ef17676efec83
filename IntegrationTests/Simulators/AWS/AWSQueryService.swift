import Synchronization

/// A call of a query API, as it was recorded for assertions.
public struct RecordedCall: Sendable {
    /// When it came.
    public let time: WallTime
    /// The action.
    public let action: String
    /// All parameters, in order.
    public let parameters: [(name: String, value: String)]
    /// `date/region/service/aws4_request` of the signature; nil for an unsigned call.
    public let scope: String?
    /// Whose key signed it; nil for an unsigned call.
    public let accessKeyID: String?
    /// The X-Amz-Security-Token header; nil without one.
    public let securityToken: String?
    /// The status it was answered with; nil when it was never answered.
    public let status: Int?

    /// The value of a parameter; nil when it is missing.
    public subscript(_ name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }
}

/// The Auto Scaling and Security Token Service APIs of one simulated account, on one address.
public final class AWSQueryService: LabService {
    /// The region whose scope signatures must have.
    public let region: String
    /// Who knows which keys are good.
    public let issuer: CredentialIssuer
    /// What goes wrong.
    public let faults: FaultScript
    /// Every request, the spoilt ones too.
    public let log: RequestLog
    let clock: any WallClock
    private let state: Mutex<State>

    private struct State {
        var autoScaling: AutoScalingState
        var tokens = WebIdentityTokens()
        var calls: [RecordedCall] = []
        var requestCount = 0
    }

    /// An account with those groups.
    public init(
        groups: [AutoScalingGroup] = [], region: String = "us-east-1", issuer: CredentialIssuer? = nil,
        faults: FaultScript? = nil, clock: any WallClock = SystemWallClock()
    ) {
        self.region = region
        self.clock = clock
        self.issuer = issuer ?? CredentialIssuer(clock: clock)
        self.faults = faults ?? FaultScript(clock: clock)
        log = RequestLog(clock: clock)
        state = Mutex(State(autoScaling: AutoScalingState(groups: groups)))
    }

    /// The groups as they are now.
    public var autoScaling: AutoScalingState {
        updateAutoScaling { $0 }
    }

    /// The calls so far, oldest first.
    public var calls: [RecordedCall] {
        state.withLock { $0.calls }
    }

    /// Reads or changes the groups, after the waits that have run out are ended.
    @discardableResult
    public func updateAutoScaling<Result: Sendable, Failure: Error>(
        _ change: (inout AutoScalingState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let now = clock.now
        return try state.withLock { state throws(Failure) in
            state.autoScaling.settle(at: now)
            return try change(&state.autoScaling)
        }
    }

    /// Reads or changes which web identity tokens are accepted.
    @discardableResult
    public func updateTokens<Result: Sendable>(_ change: (inout WebIdentityTokens) -> Result) -> Result {
        state.withLock { change(&$0.tokens) }
    }

    /// The group begins to terminate an instance.
    public func scaleIn(_ id: String) {
        let now = clock.now
        updateAutoScaling { $0.scaleIn(id, at: now) }
    }

    /// Answers one call.
    public func respond(to request: LabRequest) async -> LabResponse {
        let parameters = QueryParameters(pairs: RequestTarget.pairs(request.body))
        let response = await faults.answer(to: request) { answer(to: request, parameters) }
        record(request, parameters, response)
        log.record(request)
        return response
    }

    private func answer(to request: LabRequest, _ parameters: QueryParameters) -> LabResponse {
        let action = parameters["Action"] ?? ""
        let api = action.hasPrefix("AssumeRole") ? QueryAPI.tokenService : QueryAPI.autoScaling
        let id = requestID()
        do throws(QueryFailure) {
            guard request.method == "POST", request.path == "/" else {
                throw QueryFailure(404, "UnknownOperationException", "Only POST / is served here.")
            }
            let result =
                api.namespace == QueryAPI.tokenService.namespace
                ? try tokenResult(action, parameters) : try autoScalingResult(action, parameters, of: request)
            return api.success(action, result, requestID: id)
        } catch {
            return api.failure(error.status, code: error.code, message: error.message, requestID: id)
        }
    }

    private func autoScalingResult(
        _ action: String, _ parameters: QueryParameters, of request: LabRequest
    ) throws(QueryFailure) -> [XMLFragment] {
        _ = try SignatureCheck(issuer: issuer, region: region, service: "autoscaling", now: clock.now).verify(request)
        guard parameters["Version"] == QueryAPI.autoScaling.version else {
            throw QueryFailure(
                400, "InvalidAction",
                "Could not find operation \(action) for version \(parameters["Version"] ?? "NO_VERSION")")
        }
        let now = clock.now
        return try updateAutoScaling { groups throws(QueryFailure) in
            try groups.perform(action, parameters, at: now)
        }
    }

    private func requestID() -> String {
        state.withLock { state in
            state.requestCount += 1
            let digits = String(state.requestCount, radix: 16)
            return "7a62c49f-347e-4fc4-9331-" + String(repeating: "0", count: 12 - digits.count) + digits
        }
    }

    private func record(_ request: LabRequest, _ parameters: QueryParameters, _ response: LabResponse) {
        let signature = request.header("authorization").flatMap { RequestSignature(authorization: $0) }
        let isAnswered = if case .answer = response.fate { true } else { false }
        let call = RecordedCall(
            time: clock.now, action: parameters["Action"] ?? "", parameters: parameters.pairs, scope: signature?.scope,
            accessKeyID: signature?.accessKeyID, securityToken: request.header("x-amz-security-token"),
            status: isAnswered ? response.status : nil)
        state.withLock { state in
            state.calls.append(call)
            if state.calls.count > 10_000 { state.calls.removeFirst(1_000) }
        }
    }
}
