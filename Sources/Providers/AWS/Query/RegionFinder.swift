import Interruption

/// Which region this is: as the SDKs read it, else as the metadata service says; never cut from a zone's name.
struct RegionFinder: Sendable {
    let surroundings: Surroundings
    let facts: MachineFacts

    /// The region; `nil` when nobody says, which is final, while a failed read is not.
    func region() async -> Result<String?, MetadataError> {
        if let named = surroundings.text("AWS_REGION") ?? surroundings.text("AWS_DEFAULT_REGION") {
            return .success(RegionFinder.checked(named))
        }
        guard !surroundings.isTrue("AWS_EC2_METADATA_DISABLED") else { return .success(nil) }
        return await facts.reading(of: .region).map { $0.flatMap { RegionFinder.checked($0) } }
    }

    /// The domain in which the region's services have their names, as the metadata service says; `nil` when it does not.
    func domain() async -> String? {
        guard !surroundings.isTrue("AWS_EC2_METADATA_DISABLED") else { return nil }
        return await facts.value(of: .domain)
    }

    /// A region's name becomes part of a host's name: only what fits there.
    private static func checked(_ text: String) -> String? {
        let name = text.trimmed
        let fits = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-")
        }
        return fits && !name.isEmpty && name.utf8.count <= 32 ? name : nil
    }
}
