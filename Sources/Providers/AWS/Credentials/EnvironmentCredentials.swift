/// Credentials from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary ones, `AWS_SESSION_TOKEN`.
struct EnvironmentCredentials: CredentialSource {
    let surroundings: Surroundings

    func credentials() async throws(CredentialError) -> AWSCredentials? {
        let key = surroundings.text("AWS_ACCESS_KEY_ID")
        let secret = surroundings.text("AWS_SECRET_ACCESS_KEY")
        if key == nil, secret == nil { return nil }
        guard
            let credentials = AWSCredentials(
                accessKeyID: key, secretAccessKey: secret, sessionToken: surroundings.text("AWS_SESSION_TOKEN"))
        else {
            throw .misconfigured(
                source: "AWS_ACCESS_KEY_ID",
                detail: "it needs AWS_SECRET_ACCESS_KEY beside it, both without spaces and line breaks")
        }
        return credentials
    }
}
