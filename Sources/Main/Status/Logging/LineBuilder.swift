/// Builds one bounded log line that a hostile value can neither break nor forge: whatever could end a line or steer a terminal is escaped.
struct LineBuilder {
    /// How many bytes a line has at most, its end included.
    static let lineLimit = 16 << 10
    /// How many bytes one text has at most, so that one long value does not cost all others their place.
    static let textLimit = 4 << 10
    /// How deep lists and dictionaries go; deeper ones are only marked.
    static let depthLimit = 4
    /// What stands where something was cut.
    static let mark = "\u{2026}"
    /// Kept free for marks, closing brackets and the field that says that the line was cut.
    private static let reserve = 128

    /// The line so far.
    private(set) var bytes: [UInt8] = []
    /// Whether something had to be left out.
    private(set) var isCut = false

    /// How many bytes may still be written.
    var room: Int { LineBuilder.lineLimit - LineBuilder.reserve - bytes.count }

    /// Whether a further element that takes `length` bytes besides its texts fits; remembers when it does not.
    mutating func hasRoom(for length: Int) -> Bool {
        guard room > length else {
            isCut = true
            return false
        }
        return true
    }

    /// Writes the mark in place of something that is left out.
    mutating func appendMark() {
        append("\"\(LineBuilder.mark)\"")
        isCut = true
    }

    /// Writes our own syntax, as it is.
    mutating func append(_ syntax: String) {
        bytes.append(contentsOf: syntax.utf8)
    }

    /// Writes a text between quotes, escaped as in JSON.
    mutating func appendQuoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        appendEscaped(text)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a text without quotes, escaped all the same, cut where its bound or the line's is.
    mutating func appendEscaped(_ text: String) {
        let end = bytes.count + max(0, min(room, LineBuilder.textLimit))
        for scalar in text.unicodeScalars {
            let start = bytes.count
            append(scalar)
            if bytes.count > end {
                bytes.removeSubrange(start...)
                append(LineBuilder.mark)
                isCut = true
                return
            }
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": append("\\\"")
        case "\\": append("\\\\")
        case "\n": append("\\n")
        case "\r": append("\\r")
        case "\t": append("\\t")
        case _ where scalar.isUnprintable: appendCode(of: scalar)
        default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }

    private mutating func appendCode(of scalar: Unicode.Scalar) {
        let digits = String(scalar.value, radix: 16)
        append("\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits)
    }
}

extension String {
    /// Whether the text can stand in a text line without quotes.
    var isPlainWord: Bool {
        !isEmpty && unicodeScalars.allSatisfy { !$0.isUnprintable && !" \"\\=[]{},".unicodeScalars.contains($0) }
    }
}

extension Unicode.Scalar {
    /// Controls, line ends in disguise, and marks that change the direction of what follows.
    fileprivate var isUnprintable: Bool {
        switch value {
        case 0...0x1F, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
