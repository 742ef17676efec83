import FoundationEssentials
import Interruption
import Transport

@testable import AWS

/// Credential documents of the metadata service and of container endpoints, token files, and addresses of either.
@Sendable func examineCredentials(_ input: [UInt8]) {
    let secrets = (try? JSONDecoder().decode(Secrets.self, from: Data(input)))?.all ?? []
    do throws(CredentialError) {
        let credentials = try CredentialDocument.read(input, from: "the source")
        let parts = [credentials.secretAccessKey.reveal(), credentials.accessKeyID, credentials.sessionToken?.reveal()]
        for part in parts.compactMap({ $0 }) {
            expect(!part.isEmpty && part.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a part can stand in a header")
        }
        var dumped = "\(credentials)"
        dump(credentials, to: &dumped)
        for secret in secrets where !credentials.accessKeyID.contains(secret) { tellsNothing(dumped, of: secret) }
    } catch {
        check(error, secrets)
    }
    check(CredentialDocument.refusal(input, status: 403, from: "the source"), secrets)
    if let word = MetadataService.word(in: input) {
        expect(word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a word can stand in a header")
    }
    let text = String(decoding: input, as: UTF8.self)
    if let endpoint = MetadataEndpoint(text) {
        expect(MetadataEndpoint(endpoint.description) == endpoint, "an endpoint reads as it prints")
    }
    if let place = HostPlace(url: text) { expect(!place.host.contains("@"), "no user in a host") }
}

private struct Secrets: Decodable {
    var SecretAccessKey, Token, Code, Message, code, message: String?

    /// What must not be told, unless AWS says it in its own message.
    var all: [String] {
        let told = [Code, Message, code, message].compactMap { $0 }.joined(separator: " ")
        return [SecretAccessKey, Token].compactMap { $0 }.filter { $0.utf8.count >= 12 && !told.contains($0) }
    }
}

private func check(_ error: CredentialError, _ secrets: [String]) {
    expect(isFitForALine("\(error)", limit: 2000), "a bounded error")
    for secret in secrets { tellsNothing("\(error)", of: secret) }
}

private func tellsNothing(_ text: String, of secret: String) {
    expect(!text.contains(secret), "a secret is told")
}
