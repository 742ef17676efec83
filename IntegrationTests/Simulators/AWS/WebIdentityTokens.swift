/// Which web identity tokens the simulated Security Token Service knows.
public struct WebIdentityTokens: Sendable {
    /// The tokens that are accepted; nil accepts whatever is not empty.
    public var accepted: Set<String>?
    /// The tokens that were good once.
    public var expired: Set<String> = []
    /// How long the credentials work that are given for a token, unless the call asks for another time.
    public var lifetime: Duration = .seconds(3600)

    /// Tokens as told.
    public init(accepted: Set<String>? = nil) {
        self.accepted = accepted
    }
}

extension AWSQueryService {
    /// Carries out an action of the Security Token Service, which needs no signature.
    func tokenResult(_ action: String, _ parameters: QueryParameters) throws(QueryFailure) -> [XMLFragment] {
        guard action == "AssumeRoleWithWebIdentity", parameters["Version"] == QueryAPI.tokenService.version else {
            throw QueryFailure(400, "InvalidAction", "Could not find operation \(action)")
        }
        let role = try parameters.required("RoleArn")
        let session = try parameters.required("RoleSessionName")
        let token = try parameters.required("WebIdentityToken")
        let tokens = updateTokens { $0 }
        if tokens.expired.contains(token) {
            throw QueryFailure(400, "ExpiredTokenException", "Token expired: the web identity token is no longer valid")
        }
        if let accepted = tokens.accepted, !accepted.contains(token) {
            throw QueryFailure(
                400, "InvalidIdentityToken", "No OpenIDConnect provider found in your account for this token")
        }
        guard role.hasPrefix("arn:aws"), let name = role.split(separator: "/").last else {
            throw .invalid("\(role) is invalid")
        }
        var lifetime = tokens.lifetime
        if let asked = parameters["DurationSeconds"] {
            guard let seconds = Int64(asked), (900...43200).contains(seconds) else {
                throw .invalid("DurationSeconds must be between 900 and 43200")
            }
            lifetime = .seconds(seconds)
        }
        let credentials = issuer.issue(for: lifetime)
        return [
            .leaf("SubjectFromWebIdentityToken", "system:serviceaccount:kube-system:interruption-handler"),
            .leaf("Audience", "sts.amazonaws.com"),
            .element(
                "AssumedRoleUser",
                [
                    .leaf("AssumedRoleId", "AROACLKWSDQRAOEXAMPLE:\(session)"),
                    .leaf("Arn", "arn:aws:sts::123456789012:assumed-role/\(name)/\(session)"),
                ]),
            .element(
                "Credentials",
                [
                    .leaf("AccessKeyId", credentials.accessKeyID),
                    .leaf("SecretAccessKey", credentials.secretAccessKey),
                    .leaf("SessionToken", credentials.sessionToken ?? ""),
                    .leaf("Expiration", credentials.expiration?.iso8601 ?? ""),
                ]),
            .leaf("Provider", "arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE"),
        ]
    }
}
