import Interruption

/// Which region this is: as the SDKs read it, else as the metadata service says; never cut from a zone's name.
struct RegionFinder: Sendable {
    let surroundings: Surroundings
    let facts: MachineFacts

    /// The region; `nil` when nobody says.
    func region() async -> String? {
        if let named = surroundings.text("AWS_REGION") ?? surroundings.text("AWS_DEFAULT_REGION") {
            return RegionFinder.checked(named)
        }
        guard !surroundings.isTrue("AWS_EC2_METADATA_DISABLED") else { return nil }
        return await facts.value(of: .region).flatMap { RegionFinder.checked($0) }
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
