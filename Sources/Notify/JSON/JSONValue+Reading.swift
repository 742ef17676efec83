extension JSONValue {
    /// Reads a whole document as strictly as RFC 8259 writes it; `nil` for anything else, and for what nests deeper
    /// than 64.
    ///
    /// Strict, because a template is tried with it: Foundation's decoder takes a trailing comma that receivers refuse.
    init?(reading bytes: [UInt8]) {
        var reader = JSONReader(bytes)
        guard let value = reader.document() else { return nil }
        self = value
    }
}

/// Reads one JSON document from its bytes; every method answers `nil` at the first thing that is not JSON.
private struct JSONReader {
    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    private static let deepest = 64

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() -> JSONValue? {
        let value = value()
        skipSpace()
        return index == bytes.count ? value : nil
    }

    private mutating func value() -> JSONValue? {
        skipSpace()
        guard index < bytes.count, depth < JSONReader.deepest else { return nil }
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
        var members: [JSONValue.Member] = []
        let isWhole = list(from: "{", to: "}") { reader in
            reader.skipSpace()
            guard let name = reader.string() else { return false }
            reader.skipSpace()
            guard reader.accept(":"), let value = reader.value() else { return false }
            members.append(.init(name: name, value: value))
            return true
        }
        return isWhole ? .object(members) : nil
    }

    private mutating func array() -> JSONValue? {
        var elements: [JSONValue] = []
        let isWhole = list(from: "[", to: "]") { reader in
            guard let value = reader.value() else { return false }
            elements.append(value)
            return true
        }
        return isWhole ? .array(elements) : nil
    }

    /// What stands between brackets, separated by commas.
    private mutating func list(from opening: String, to closing: String, item: (inout JSONReader) -> Bool) -> Bool {
        guard accept(opening) else { return false }
        depth += 1
        defer { depth -= 1 }
        skipSpace()
        if accept(closing) { return true }
        while item(&self) {
            skipSpace()
            if accept(closing) { return true }
            guard accept(",") else { return false }
        }
        return false
    }

    private mutating func string() -> String? {
        guard accept("\"") else { return nil }
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
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
        guard (0xd800..<0xdc00).contains(high) else { return UnicodeScalar(high) }
        guard accept("\\u"), let low = fourDigits(), (0xdc00..<0xe000).contains(low) else { return nil }
        return UnicodeScalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
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
        _ = accept("-")
        let leadsWithZero = accept("0")
        if !leadsWithZero, !digits() { return nil }
        if accept(".") {
            isWhole = false
            if !digits() { return nil }
        }
        if accept("e") || accept("E") {
            isWhole = false
            if !accept("+") { _ = accept("-") }
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
        while index < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[index]) { index += 1 }
    }

    private mutating func accept(_ text: String) -> Bool {
        guard bytes[index...].starts(with: text.utf8) else { return false }
        index += text.utf8.count
        return true
    }
}
