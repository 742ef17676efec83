/// What AWS Signature Version 4 needs; region and service are always explicit, because libcurl guesses them wrongly
/// from host names.
///
/// Only requests whose signature libcurl is known to compute correctly are sent: POST to a plain path without query,
/// with a body, and no headers but `Content-Type` and `X-Amz-Target`. Any other is `unsendable`, so nothing goes out
/// unsigned or wrongly signed.
public struct AWSSignature: Sendable, Hashable {
    /// Such as `eu-west-1`.
    public var region: String
    /// Such as `autoscaling`.
    public var service: String
    /// The access key id.
    public var accessKeyID: String
    /// The secret access key.
    public var secretAccessKey: Secret
    /// The session token of temporary credentials, sent as `X-Amz-Security-Token`.
    public var sessionToken: Secret?

    /// A signature from its parts.
    public init(
        region: String,
        service: String,
        accessKeyID: String,
        secretAccessKey: Secret,
        sessionToken: Secret? = nil
    ) {
        self.region = region
        self.service = service
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}
