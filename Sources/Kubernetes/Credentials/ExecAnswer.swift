import FoundationEssentials
import JSON
import Transport

/// What an exec plugin prints.
struct ExecAnswer: JSONReadable {
    private struct Status: JSONReadable {
        var token: String?
        var clientCertificateData: String?
        var clientKeyData: String?
        var expirationTimestamp: String?

        init(json: JSONValue) throws(JSONMismatch) {
            let members = try json.object()
            token = try members.optional("token")
            clientCertificateData = try members.optional("clientCertificateData")
            clientKeyData = try members.optional("clientKeyData")
            expirationTimestamp = try members.optional("expirationTimestamp")
        }
    }

    private var apiVersion: String
    private var kind: String
    private var status: Status?

    init(json: JSONValue) throws(JSONMismatch) {
        let members = try json.object()
        apiVersion = try members.required("apiVersion")
        kind = try members.required("kind")
        status = try members.optional("status")
    }

    /// Who we are, and until when (seconds since 1970); no end when the plugin names none.
    func credential(expecting expected: String) throws(KubernetesError) -> ExecCredential {
        guard kind == "ExecCredential", apiVersion == expected else {
            throw .credentialsUnavailable(detail: "the exec plugin's answer is not an ExecCredential of \(expected)")
        }
        var identity = Identity()
        if let token = status?.token, !token.isEmpty {
            guard let token = Secret(token: Array(token.utf8)) else {
                throw .credentialsUnavailable(detail: "the exec plugin's token is not a token")
            }
            identity.token = token
        }
        switch (status?.clientCertificateData, status?.clientKeyData) {
        case (let certificate?, let key?):
            identity.certificate = .pem(Secret(certificate))
            identity.key = .pem(Secret(key))
        case (nil, nil):
            break
        default:
            throw .credentialsUnavailable(
                detail: "the exec plugin gave a certificate without its key, or the other way")
        }
        guard identity != Identity() else {
            throw .credentialsUnavailable(detail: "the exec plugin gave neither token nor certificate")
        }
        return ExecCredential(identity: identity, expiry: try expiry())
    }

    private func expiry() throws(KubernetesError) -> Int? {
        guard let text = status?.expirationTimestamp, !text.isEmpty else { return nil }
        let formats = [Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)]
        for format in formats {
            // Which of the two it is, is seen by trying.
            if let date = try? format.parse(text) {
                return Int(date.timeIntervalSince1970)
            }
        }
        throw .credentialsUnavailable(detail: "the exec plugin's expirationTimestamp is not RFC 3339")
    }
}

/// An identity with an end.
struct ExecCredential: Sendable, Hashable {
    /// Who we are.
    var identity: Identity
    /// Seconds since 1970; `nil` for as long as the server accepts it.
    var expiry: Int?
}
