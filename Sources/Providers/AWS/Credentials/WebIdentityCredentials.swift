import Interruption

/// Credentials for a token that the cluster signed (IAM roles for service accounts), from STS.
struct WebIdentityCredentials: CredentialSource {
    let surroundings: Surroundings
    let sts: SecurityTokenService
    let timeline: any Timeline

    private static let source = "the web identity"
    /// Time for all tries of one renewal.
    private static let patience = Duration.seconds(15)

    func credentials() async throws(CredentialError) -> AWSCredentials? {
        guard let path = surroundings.text("AWS_WEB_IDENTITY_TOKEN_FILE") else { return nil }
        guard let role = surroundings.text("AWS_ROLE_ARN") else {
            throw .misconfigured(
                source: WebIdentityCredentials.source,
                detail: "AWS_WEB_IDENTITY_TOKEN_FILE needs AWS_ROLE_ARN beside it")
        }
        let session = surroundings.text("AWS_ROLE_SESSION_NAME") ?? "interruption-handler"
        let deadline = timeline.now.advanced(by: WebIdentityCredentials.patience)
        do throws(CredentialError) {
            return try await assume(role, session: session, path: path, deadline: deadline)
        } catch .refused(_, "ExpiredTokenException", _) {
            // The kubelet replaces the file; what was read a moment ago may be the old one.
            return try await assume(role, session: session, path: path, deadline: deadline)
        }
    }

    private func assume(
        _ role: String, session: String, path: String, deadline: Moment
    ) async throws(CredentialError) -> AWSCredentials {
        guard let bytes = try? surroundings.readFile(path), bytes.count <= 64 * 1024,
            let token = MetadataService.word(in: bytes, limit: 64 * 1024)
        else {
            throw .unavailable(
                source: WebIdentityCredentials.source, detail: "the file of AWS_WEB_IDENTITY_TOKEN_FILE has no token")
        }
        do throws(QueryError) {
            return try await sts.assumeRole(role, session: session, webIdentityToken: token, until: deadline)
        } catch {
            switch error {
            case .cancelled: throw .cancelled
            case .refused(let code, let message, _):
                throw .refused(source: WebIdentityCredentials.source, code: code, message: message)
            case .misconfigured(let detail): throw .misconfigured(source: WebIdentityCredentials.source, detail: detail)
            case .credentials(let error): throw error
            case .outOfTime, .unreadable, .unreachable:
                throw .unavailable(source: WebIdentityCredentials.source, detail: "\(error)")
            }
        }
    }
}
