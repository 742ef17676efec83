import Transport

extension KubernetesClient {
    /// Maps to `POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews`; whether we may.
    public func may(_ access: AccessQuestion) async throws(KubernetesError) -> Bool {
        let call = Call(
            method: .post, path: Call.path("apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews"),
            contentType: JSON.mediaType, body: try JSON.encode(AccessReviewBody(access)), limit: limits.access)
        return try await exchange(call, expecting: AccessAnswerBody.self).status.allowed
    }

    /// Maps to `GET /version`; the server's version and the `Date` of its answer as written.
    public func serverVersion() async throws(KubernetesError) -> ServerVersion {
        let answer = try await exchange(Call(path: Call.path("version"), limit: limits.version))
        let body = try JSON.decode(VersionBody.self, from: answer.body)
        return ServerVersion(gitVersion: body.gitVersion, date: answer.headers["Date"])
    }
}
