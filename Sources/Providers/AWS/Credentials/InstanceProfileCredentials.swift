import Transport

/// Credentials of the instance's role, from its metadata service.
struct InstanceProfileCredentials: CredentialSource {
    let metadata: MetadataService
    let surroundings: Surroundings

    private static let source = "the instance profile"

    func credentials() async throws(CredentialError) -> AWSCredentials? {
        if surroundings.isTrue("AWS_EC2_METADATA_DISABLED") { return nil }
        guard let list = try await read(.roles) else { return nil }
        let firstLine = Array(list.prefix { $0 != UInt8(ascii: "\n") })
        guard let role = MetadataService.word(in: firstLine, limit: 128) else {
            throw .unavailable(source: InstanceProfileCredentials.source, detail: "the list of roles is none")
        }
        guard let document = try await read(.credentials(ofRole: role.percentEncoded)) else {
            throw .unavailable(
                source: InstanceProfileCredentials.source, detail: "the role that is listed has no credentials")
        }
        return try CredentialDocument.read(document, from: InstanceProfileCredentials.source)
    }

    private func read(_ path: MetadataPath) async throws(CredentialError) -> [UInt8]? {
        do throws(MetadataError) {
            return try await metadata.read(path)
        } catch .cancelled {
            throw .cancelled
        } catch {
            throw .unavailable(source: InstanceProfileCredentials.source, detail: "\(error)")
        }
    }
}
