import Synchronization

/// The two agents that give containers their credentials: EKS Pod Identity and ECS.
public final class ContainerCredentialsService: LabService {
    /// Where the EKS agent answers; it wants the token of the pod's file as Authorization, without "Bearer".
    public static let podIdentityPath = "/v1/credentials"
    /// Where the ECS agent answers, by an id that is the secret.
    public static let taskPath = "/v2/credentials/lab-task"

    /// What goes wrong.
    public let faults: FaultScript
    /// Every request.
    public let log: RequestLog
    private let issuer: CredentialIssuer
    private let token: Mutex<String>
    private let lifetime: Duration

    /// Agents that give credentials of that issuer to whoever shows that token.
    public init(
        issuer: CredentialIssuer, token: String = "lab-pod-identity-token", lifetime: Duration = .seconds(21600),
        faults: FaultScript? = nil, clock: any WallClock = SystemWallClock()
    ) {
        self.issuer = issuer
        self.token = Mutex(token)
        self.lifetime = lifetime
        self.faults = faults ?? FaultScript(clock: clock)
        log = RequestLog(clock: clock)
    }

    /// Accepts another token from now on, as when the kubelet rotated the file.
    public func rotateToken(to token: String) {
        self.token.withLock { $0 = token }
    }

    /// Answers one request.
    public func respond(to request: LabRequest) async -> LabResponse {
        log.record(request)
        return await faults.answer(to: request) { honestAnswer(to: request) }
    }

    private func honestAnswer(to request: LabRequest) -> LabResponse {
        guard request.method == "GET" else { return failure(405, "MethodNotAllowed", "Only GET is allowed") }
        switch request.path {
        case Self.podIdentityPath:
            guard let shown = request.header("authorization") else {
                return failure(400, "MissingAuthorization", "Service account token cannot be empty")
            }
            guard shown == token.withLock({ $0 }) else {
                return failure(401, "InvalidToken", "Unable to verify the service account token")
            }
            return credentials(with: [("AccountId", "123456789012")])
        case Self.taskPath:
            return credentials(with: [("RoleArn", "arn:aws:iam::123456789012:role/lab-task")])
        default:
            return failure(404, "NotFound", "No credentials here")
        }
    }

    private func credentials(with more: [(String, String)]) -> LabResponse {
        let issued = issuer.issue(for: lifetime)
        let members =
            [
                ("AccessKeyId", issued.accessKeyID), ("SecretAccessKey", issued.secretAccessKey),
                ("Token", issued.sessionToken ?? ""), ("Expiration", issued.expiration?.iso8601 ?? ""),
            ] + more
        return .json(200, JSONValue.object(members.map { ($0, .string($1)) }).text)
    }

    private func failure(_ status: Int, _ code: String, _ message: String) -> LabResponse {
        .json(status, JSONValue.object([("code", .string(code)), ("message", .string(message))]).text)
    }
}
