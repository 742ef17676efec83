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
