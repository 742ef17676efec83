import Synchronization

/// The EC2 instance metadata service of one simulated instance, versions 1 and 2.
public final class MetadataService: LabService {
    /// What goes wrong.
    public let faults: FaultScript
    /// Every request, the spoilt ones too.
    public let log: RequestLog
    /// Who makes the role's credentials.
    public let issuer: CredentialIssuer
    private let state: Mutex<MetadataState>
    private let credentials = Mutex<SimulatedCredentials?>(nil)
    private let desk: TokenDesk
    private let clock: any WallClock

    /// The service of that instance.
    public init(
        _ state: MetadataState = MetadataState(), issuer: CredentialIssuer? = nil, faults: FaultScript? = nil,
        clock: any WallClock = SystemWallClock(), seed: UInt64 = 3
    ) {
        self.state = Mutex(state)
        self.issuer = issuer ?? CredentialIssuer(clock: clock)
        self.faults = faults ?? FaultScript(clock: clock)
        self.clock = clock
        log = RequestLog(clock: clock)
        desk = TokenDesk(seed: seed)
    }

    /// What it says now.
    public var currentState: MetadataState { state.withLock { $0 } }
    /// How many tokens it gave out.
    public var issuedTokenCount: Int { desk.issuedCount }

    /// Changes what it says.
    public func update(_ change: (inout MetadataState) -> Void) {
        state.withLock { change(&$0) }
    }

    /// Ends all session tokens, whatever time they had left.
    public func expireTokens() {
        desk.expireAll()
    }

    /// Gives a spot interruption notice.
    public func noticeSpot(action: String = "terminate", in delay: Duration) {
        let time = clock.now.advanced(by: delay)
        update { $0.spot = MetadataState.SpotNotice(action: action, time: time) }
    }

    /// Recommends to rebalance.
    public func noticeRebalance() {
        let time = clock.now
        update { $0.rebalance = time }
    }

    /// Schedules an event.
    public func noticeMaintenance(
        _ code: String, in delay: Duration, id: String = "instance-event-0d59937288b749b32", state: String = "active"
    ) {
        let time = clock.now.advanced(by: delay)
        update { metadata in
            metadata.maintenance.removeAll { $0.id == id }
            metadata.maintenance.append(
                MaintenanceEvent(
                    id: id, code: code, state: state, notBefore: time, notAfter: time.advanced(by: .seconds(7200))))
        }
    }

    /// Answers one request.
    public func respond(to request: LabRequest) async -> LabResponse {
        log.record(request)
        var response = await faults.answer(to: request) { honestAnswer(to: request) }
        response.headers.append((name: "Date", value: clock.now.http))
        response.headers.append((name: "Server", value: "EC2ws"))
        return response
    }

    private func honestAnswer(to request: LabRequest) -> LabResponse {
        let state = currentState
        guard state.access.isEnabled else { return .html(403, title: "Forbidden") }
        switch request.method {
        case "PUT": return tokenAnswer(to: request, state.access)
        case "GET", "HEAD": break
        default: return .html(405, title: "Method Not Allowed")
        }
        if request.path == "/latest/api/token" { return .html(405, title: "Method Not Allowed") }
        if state.access.tokens != .optional, state.access.tokens != .required { return document(for: request, state) }
        guard let token = request.header("x-aws-ec2-metadata-token") else {
            return state.access.tokens == .required ? .html(401, title: "Unauthorized") : document(for: request, state)
        }
        let now = clock.now
        guard let end = desk.end(of: token, at: now) else { return .html(401, title: "Unauthorized") }
        var response = document(for: request, state)
        let left = now.duration(to: end).components.seconds
        response.headers.append((name: "X-Aws-Ec2-Metadata-Token-Ttl-Seconds", value: String(left)))
        return response
    }

    private func tokenAnswer(to request: LabRequest, _ access: MetadataAccess) -> LabResponse {
        if access.isBeyondHopLimit { return LabResponse(status: 200, fate: .hang) }
        if case .unsupported(let status) = access.tokens { return .html(status, title: "Error") }
        guard request.header("x-forwarded-for") == nil, request.path == "/latest/api/token" else {
            // A versioned token path is forbidden, anything else cannot be written to.
            return request.path.hasSuffix("/api/token")
                ? .html(403, title: "Forbidden") : .html(405, title: "Method Not Allowed")
        }
        guard let text = request.header("x-aws-ec2-metadata-token-ttl-seconds"), let ttl = Int64(text),
            (1...21600).contains(ttl)
        else { return .html(400, title: "Bad Request") }
        let life = min(ttl, access.longestTokenLife)
        var response = LabResponse.text(200, desk.issue(until: clock.now.advanced(by: .seconds(life))))
        response.headers.append((name: "X-Aws-Ec2-Metadata-Token-Ttl-Seconds", value: String(life)))
        return response
    }

    private func document(for request: LabRequest, _ state: MetadataState) -> LabResponse {
        let path = request.path.drop { $0 == "/" }
        let version = path.prefix { $0 != "/" }
        if version.isEmpty { return .text(200, "1.0\n2021-07-15\n2024-04-11\nlatest") }
        let isVersion = version == "latest" || version == "1.0" || version.count == 10 && version.hasPrefix("20")
        guard isVersion else { return .html(404, title: "Not Found") }
        let rest = String(path.dropFirst(version.count + 1))
        if let answer = roleAnswer(to: rest, state) { return answer }
        switch MetadataTree(state)[rest] {
        case nil: return .html(404, title: "Not Found")
        case .listing(let names): return .text(200, names.joined(separator: "\n"))
        case .document(let text, let type):
            return LabResponse(
                status: 200, headers: [(name: "Content-Type", value: type), (name: "Accept-Ranges", value: "none")],
                body: .bytes(Array(text.utf8)))
        }
    }

    private func roleAnswer(to path: String, _ state: MetadataState) -> LabResponse? {
        let folder = "meta-data/iam/security-credentials/"
        guard path.hasPrefix(folder), state.overrides[path] == nil else { return nil }
        switch state.role {
        case .named(let name, let lifetime) where path == folder + name:
            let credentials = roleCredentials(for: lifetime)
            return .json(
                200,
                JSONValue.object([
                    ("Code", .string("Success")), ("LastUpdated", .string(clock.now.iso8601)),
                    ("Type", .string("AWS-HMAC")), ("AccessKeyId", .string(credentials.accessKeyID)),
                    ("SecretAccessKey", .string(credentials.secretAccessKey)),
                    ("Token", .string(credentials.sessionToken ?? "")),
                    ("Expiration", .string(credentials.expiration?.iso8601 ?? "")),
                ]).text)
        case .failing(let name, let code, let message) where path == folder + name:
            return .json(
                200,
                JSONValue.object([
                    ("Code", .string(code)), ("LastUpdated", .string(clock.now.iso8601)),
                    ("Message", .string(message)),
                ]).text)
        default: return nil
        }
    }

    /// The role's credentials, the same for everybody until five minutes before their end.
    private func roleCredentials(for lifetime: Duration) -> SimulatedCredentials {
        let soon = clock.now.advanced(by: .seconds(300))
        return credentials.withLock { current in
            if let good = current, let known = issuer.credentials(good.accessKeyID), let end = known.expiration,
                end > soon
            {
                return good
            }
            let fresh = issuer.issue(for: lifetime)
            current = fresh
            return fresh
        }
    }
}
