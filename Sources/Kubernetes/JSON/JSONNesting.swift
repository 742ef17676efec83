/// How deep in a JSON text we are, byte by byte; strings and escapes are respected, values are not checked.
struct JSONNesting: Sendable {
    /// Open objects and arrays.
    private(set) var depth = 0
    /// Whether the last byte read is part of a string that has not ended.
    private(set) var isInString = false
    /// Whether the next byte of the string means itself, whatever it is.
    private(set) var isEscaped = false

    /// Reads the next byte.
    mutating func read(_ byte: UInt8) {
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
    }
}

extension JSONNesting {
    /// Reads on in a string, to its end or the chunk's.
    mutating func readString(_ chunk: [UInt8], _ index: inout Int) {
        var next = index
        defer { index = next }
        if isEscaped, next < chunk.count {
            isEscaped = false
            next += 1
        }
        while next < chunk.count {
            let byte = chunk[next]
            next += 1
            // Most bytes are those of strings.
            guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            if byte == UInt8(ascii: "\"") {
                isInString = false
                return
            }
            guard next < chunk.count else {
                isEscaped = true
                return
            }
            next += 1
        }
    }

    /// Reads on in a value that began at depth 0, to its end or the chunk's; whether it has ended there. A number,
    /// `true` or `null` ends in front of what comes behind it.
    mutating func readValue(_ chunk: [UInt8], _ index: inout Int) -> Bool {
        var next = index
        defer { index = next }
        while next < chunk.count {
            if isInString {
                readString(chunk, &next)
                if depth == 0, !isInString { return true }
                continue
            }
            let byte = chunk[next]
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return true }
                depth -= 1
                if depth == 0 {
                    next += 1
                    return true
                }
            default:
                if depth == 0, byte == UInt8(ascii: ",") || byte.isJSONWhitespace { return true }
            }
            next += 1
        }
        return false
    }
}
