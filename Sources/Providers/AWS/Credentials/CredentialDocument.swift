import FoundationEssentials
import Interruption

/// The JSON in which the metadata service and the container endpoints hand out credentials.
struct CredentialDocument: Decodable, Sendable {
    private enum CodingKeys: String, CodingKey {
        case accessKeyID = "AccessKeyId"
        case secretAccessKey = "SecretAccessKey"
        case token = "Token"
        case expiration = "Expiration"
        case code = "Code"
        case message = "Message"
        case lowercaseCode = "code"
        case lowercaseMessage = "message"
    }

    private let accessKeyID: String?
    private let secretAccessKey: String?
    private let token: String?
    private let expiration: String?
    private let code: String?
    private let message: String?
    private let lowercaseCode: String?
    private let lowercaseMessage: String?

    /// Reads the credentials in `body`; a 200 may carry a refusal instead.
    static func read(_ body: [UInt8], from source: String) throws(CredentialError) -> AWSCredentials {
        // The decoder's own error would quote the document.
        guard let document = try? JSONDecoder().decode(CredentialDocument.self, from: Data(body)) else {
            throw .unavailable(source: source, detail: "the answer is not the JSON of credentials")
        }
        let expiry = document.expiration.flatMap { WallTime(rfc3339: $0) }
        if let credentials = AWSCredentials(
            accessKeyID: document.accessKeyID, secretAccessKey: document.secretAccessKey, sessionToken: document.token,
            expiry: expiry)
        {
            return credentials
        }
        throw document.refusal(from: source)
    }

    /// The code and message of a refusal that came with another status.
    static func refusal(_ body: [UInt8], status: Int, from source: String) -> CredentialError {
        guard let document = try? JSONDecoder().decode(CredentialDocument.self, from: Data(body)),
            document.code ?? document.lowercaseCode != nil
        else { return .refused(source: source, code: "status \(status)", message: "no reason given") }
        return document.refusal(from: source)
    }

    private func refusal(from source: String) -> CredentialError {
        guard let code = code ?? lowercaseCode, code != "Success" else {
            return .unavailable(source: source, detail: "the answer has no complete credentials")
        }
        let message = message ?? lowercaseMessage ?? "no message"
        return .refused(source: source, code: code.printable(limit: 64), message: message.printable(limit: 300))
    }
}

extension String {
    /// At most `limit` characters without control characters: words of others, fit for a log.
    func printable(limit: Int) -> String {
        let scalars = unicodeScalars.prefix(limit).map {
            $0.properties.generalCategory == .control ? " " : Character($0)
        }
        return String(scalars)
    }
}
