import Interruption

/// AWS STS's query API, as far as we call it.
///
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
struct SecurityTokenService: Sendable {
    let client: QueryClient

    /// Exchanges a token of the cluster for credentials of a role (`AssumeRoleWithWebIdentity`), unsigned.
    func assumeRole(
        _ role: String, session: String, webIdentityToken token: String, until deadline: Moment
    ) async throws(QueryError) -> AWSCredentials {
        let call = QueryCall(
            "AssumeRoleWithWebIdentity",
            [("RoleArn", role), ("RoleSessionName", session), ("WebIdentityToken", token)], isSigned: false)
        let root = try await client.answer(to: call, until: deadline)
        do throws(XMLError) {
            let node = try root.required("AssumeRoleWithWebIdentityResult").required("Credentials")
            guard
                let credentials = AWSCredentials(
                    accessKeyID: try node.requiredText("AccessKeyId"),
                    secretAccessKey: try node.requiredText("SecretAccessKey"),
                    sessionToken: try node.requiredText("SessionToken"),
                    expiry: WallTime(rfc3339: try node.requiredText("Expiration")))
            else { throw XMLError.missing("Credentials/AccessKeyId") }
            return credentials
        } catch {
            throw .unreadable(error)
        }
    }
}
