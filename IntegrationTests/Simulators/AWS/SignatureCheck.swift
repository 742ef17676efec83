/// Who may call: checks a request's signature, key, token and time as AWS's front door does.
struct SignatureCheck {
    let issuer: CredentialIssuer
    let region: String
    let service: String
    let now: WallTime

    /// What the request is signed with; throws the refusal that AWS would send.
    func verify(_ request: LabRequest) throws(QueryFailure) -> RequestSignature {
        guard let authorization = request.header("authorization") else {
            throw QueryFailure(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
        }
        guard let signature = RequestSignature(authorization: authorization) else {
            throw QueryFailure(
                400, "IncompleteSignature", "Authorization header requires Credential, SignedHeaders and Signature.")
        }
        guard let credentials = issuer.credentials(signature.accessKeyID) else {
            throw QueryFailure(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
        }
        guard signature.service == service else {
            throw mismatch("Credential should be scoped to correct service: '\(service)'.")
        }
        guard signature.region == region else { throw mismatch("Credential should be scoped to a valid region.") }
        try verifyTime(of: request, signature)
        for name in ["host", "x-amz-date"]
            + (request.header("x-amz-security-token") == nil ? [] : ["x-amz-security-token"])
        where !signature.signedHeaders.contains(name) {
            throw mismatch("'\(name)' must be a 'SignedHeader' in the AWS Authorization.")
        }
        guard signature.expected(for: request, secret: credentials.secretAccessKey) == signature.signature else {
            throw mismatch(
                "The request signature we calculated does not match the signature you provided. "
                    + "Check your AWS Secret Access Key and signing method.")
        }
        guard request.header("x-amz-security-token") == credentials.sessionToken else {
            throw QueryFailure(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
        }
        if let expiration = credentials.expiration, expiration <= now {
            throw QueryFailure(403, "ExpiredToken", "The security token included in the request is expired")
        }
        return signature
    }

    private func verifyTime(of request: LabRequest, _ signature: RequestSignature) throws(QueryFailure) {
        guard let stamp = request.header("x-amz-date"), let time = WallTime(basic: stamp) else {
            throw QueryFailure(400, "IncompleteSignature", "Date must be in ISO-8601 'basic format'.")
        }
        guard stamp.hasPrefix(signature.date) else {
            throw mismatch("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.")
        }
        // AWS accepts five minutes of difference for these services.
        if time < now.advanced(by: .seconds(-300)) {
            throw mismatch("Signature expired: \(stamp) is now earlier than \(now.advanced(by: .seconds(-300)).basic)")
        }
        if time > now.advanced(by: .seconds(300)) {
            throw mismatch(
                "Signature not yet current: \(stamp) is still later than \(now.advanced(by: .seconds(300)).basic)")
        }
    }

    private func mismatch(_ message: String) -> QueryFailure {
        QueryFailure(403, "SignatureDoesNotMatch", message)
    }
}
