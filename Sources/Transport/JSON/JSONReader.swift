extension JSONValue {
    /// Reads a whole document (RFC 8259) from its bytes; `nil` for anything else, and for what nests deeper than 64.
    ///
    /// `allowsTrailingCommas` lets a comma in front of a closing bracket pass, as Foundation's decoder does.
    public init?(reading bytes: [UInt8], allowsTrailingCommas: Bool = false) {
        var reader = JSONReader(bytes, allowsTrailingCommas: allowsTrailingCommas)
        guard let value = reader.document() else { return nil }
        self = value
    }
}

/// Reads one JSON document from its bytes; every method answers `nil` at the first thing that is not JSON.
private struct JSONReader {
    private static let deepest = 64

    private let bytes: [UInt8]
    private let allowsTrailingCommas: Bool
    private var index = 0
    private var depth = 0

    init(_ bytes: [UInt8], allowsTrailingCommas: Bool) {
        self.bytes = bytes
        self.allowsTrailingCommas = allowsTrailingCommas
    }

    mutating func document() -> JSONValue? {
        let value = value()
        skipSpace()
        return index == bytes.count ? value : nil
    }

    private mutating func value() -> JSONValue? {
        skipSpace()
        guard index < bytes.count else { return nil }
        switch bytes[index] {
        case UInt8(ascii: "{"): return object()
        case UInt8(ascii: "["): return array()
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "t"): return accept("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): return accept("false") ? .bool(false) : nil
        case UInt8(ascii: "n"): return accept("null") ? .null : nil
        default: return number()
        }
    }

    private mutating func object() -> JSONValue? {
        guard open() else { return nil }
        var members: [JSONValue.Member] = []
        members.reserveCapacity(8)
        while !closes(UInt8(ascii: "}")) {
            guard let name = string() else { return nil }
            skipSpace()
            guard accept(UInt8(ascii: ":")), let value = value(), separates(UInt8(ascii: "}")) else { return nil }
            members.append(JSONValue.Member(name: name, value: value))
        }
        return .object(members)
    }

    private mutating func array() -> JSONValue? {
        guard open() else { return nil }
        var elements: [JSONValue] = []
        while !closes(UInt8(ascii: "]")) {
            guard let value = value(), separates(UInt8(ascii: "]")) else { return nil }
            elements.append(value)
        }
        return .array(elements)
    }

    private mutating func open() -> Bool {
        index += 1
        depth += 1
        return depth <= Self.deepest
    }

    private mutating func closes(_ bracket: UInt8) -> Bool {
        skipSpace()
        guard accept(bracket) else { return false }
        depth -= 1
        return true
    }

    /// Whether what comes behind an element can: a comma with something behind it or, left where it is, the closing bracket.
    private mutating func separates(_ bracket: UInt8) -> Bool {
        skipSpace()
        guard accept(UInt8(ascii: ",")) else { return isAt(bracket) }
        skipSpace()
        return allowsTrailingCommas || !isAt(bracket)
    }

    private func isAt(_ byte: UInt8) -> Bool { index < bytes.count && bytes[index] == byte }

    private mutating func string() -> String? {
        guard accept(UInt8(ascii: "\"")) else { return nil }
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                defer { index += 1 }
                return Self.text(bytes.span.extracting(start..<index))
            }
            if byte == UInt8(ascii: "\\") { return escapedString(behind: Array(bytes[start..<index])) }
            guard byte >= 0x20 else { return nil }
            index += 1
        }
        return nil
    }

    /// Those bytes as text, when they are UTF-8.
    private static func text(_ bytes: Span<UInt8>) -> String? {
        // Why they are not matters to nobody.
        guard let valid = try? UTF8Span(validating: bytes) else { return nil }
        return String(copying: valid)
    }

    /// The rest of a string from its first escape on.
    private mutating func escapedString(behind beginning: [UInt8]) -> String? {
        var text = beginning
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return Self.text(text.span)
            case UInt8(ascii: "\\"):
                guard let scalar = escape() else { return nil }
                text += Array(String(Character(scalar)).utf8)
            case 0..<0x20: return nil
            default: text.append(byte)
            }
        }
        return nil
    }

    /// The character behind a backslash.
    private mutating func escape() -> UnicodeScalar? {
        guard index < bytes.count else { return nil }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UnicodeScalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return codePoint()
        default: return nil
        }
    }

    /// Four hexadecimal digits, or twice that for a pair of surrogates; a lone one is no text.
    private mutating func codePoint() -> UnicodeScalar? {
        guard let high = fourDigits() else { return nil }
        guard (0xD800..<0xDC00).contains(high) else { return UnicodeScalar(high) }
        guard accept("\\u"), let low = fourDigits(), (0xDC00..<0xE000).contains(low) else { return nil }
        return UnicodeScalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    }

    private mutating func fourDigits() -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        let digits = bytes[index..<index + 4]
        guard digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else { return nil }
        index += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private mutating func number() -> JSONValue? {
        let start = index
        var isWhole = true
        _ = accept(UInt8(ascii: "-"))
        if !accept(UInt8(ascii: "0")), !digits() { return nil }
        if accept(UInt8(ascii: ".")) {
            isWhole = false
            if !digits() { return nil }
        }
        if accept(UInt8(ascii: "e")) || accept(UInt8(ascii: "E")) {
            isWhole = false
            if !accept(UInt8(ascii: "+")) { _ = accept(UInt8(ascii: "-")) }
            if !digits() { return nil }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, let number = Int(text) { return .int(number) }
        return Double(text).map { .number($0) }
    }

    private mutating func digits() -> Bool {
        let start = index
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
        return index > start
    }

    private mutating func skipSpace() {
        while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
    }

    private mutating func accept(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func accept(_ text: StaticString) -> Bool {
        let end = index + text.utf8CodeUnitCount
        guard end <= bytes.count, bytes[index..<end].elementsEqual(text.description.utf8) else { return false }
        index = end
        return true
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
    }
}
