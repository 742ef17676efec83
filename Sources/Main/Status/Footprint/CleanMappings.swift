/// Finds in the lines of `/proc/self/smaps` what the kernel can drop and read again from its file: mappings of files that cannot be written
/// to, and of which no page differs from the file.
///
/// Source: https://man7.org/linux/man-pages/man5/proc_pid_smaps.5.html
struct CleanMappings {
    /// Numbers that must be zero: pages of our own (such as relocated ones), here or in swap, and pages that must stay.
    private static let mustBeZero = ["Anonymous", "Swap", "Locked", "Private_Dirty", "Shared_Dirty"]

    /// The addresses that were found.
    private(set) var ranges: [Range<UInt>] = []
    /// What of the mapping that the last lines were about is a candidate.
    private var candidate: Range<UInt>?

    /// The beginning of a line whose end has not come yet.
    private var rest: [UInt8] = []

    /// Takes the next piece of the text, cut anywhere.
    mutating func take(_ piece: ArraySlice<UInt8>) {
        var piece = piece
        while let end = piece.firstIndex(of: UInt8(ascii: "\n")) {
            if rest.isEmpty {
                takeLine(piece[..<end])
            } else {
                rest += piece[..<end]
                takeLine(rest[...])
                rest.removeAll(keepingCapacity: true)
            }
            piece = piece[end...].dropFirst()
        }
        rest += piece
    }

    /// Says that the text has ended.
    mutating func end() {
        close()
    }

    private mutating func takeLine(_ line: ArraySlice<UInt8>) {
        let name = line.prefix { $0 != UInt8(ascii: " ") }
        if name.last != UInt8(ascii: ":") {
            close()
            candidate = Self.candidate(line)
        } else if candidate != nil, Self.mustBeZero.contains(where: { name.dropLast().elementsEqual($0.utf8) }),
            line.dropFirst(name.count).drop(while: { $0 == UInt8(ascii: " ") }).first != UInt8(ascii: "0")
        {
            candidate = nil
        }
    }

    private mutating func close() {
        if let candidate { ranges.append(candidate) }
        candidate = nil
    }

    /// The addresses in a mapping's first line, such as `55a790000000-55a790c00000 r-xp 00001000 fe:00 1234 /bin/cat`, if it is private,
    /// readable, not writable, and a file's.
    private static func candidate(_ line: ArraySlice<UInt8>) -> Range<UInt>? {
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 6)
        guard fields.count > 5, fields[5].first == UInt8(ascii: "/"),
            fields[1].elementsEqual("r-xp".utf8) || fields[1].elementsEqual("r--p".utf8)
        else { return nil }
        let ends = fields[0].split(separator: UInt8(ascii: "-")).compactMap {
            UInt(String(decoding: $0, as: UTF8.self), radix: 16)
        }
        guard ends.count == 2, ends[0] < ends[1] else { return nil }
        return ends[0]..<ends[1]
    }
}
