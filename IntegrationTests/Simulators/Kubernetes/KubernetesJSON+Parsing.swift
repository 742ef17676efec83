/// Why a text is not JSON, in the words of Go's decoder, which the API server repeats to its clients.
public struct KubernetesJSONError: Error, Equatable {
    /// For example `unexpected end of JSON input`.
    public let message: String
}

extension KubernetesJSON {
    /// Reads one value and nothing behind it.
    public init(parsing bytes: [UInt8]) throws(KubernetesJSONError) {
        var parser = JSONTextParser(bytes: bytes)
        self = try parser.document()
    }

    /// Reads one value from a text.
    public init(parsing text: String) throws(KubernetesJSONError) {
        try self.init(parsing: Array(text.utf8))
    }
}

/// A recursive-descent reader over bytes.
private struct JSONTextParser {
    let bytes: [UInt8]
    var position = 0
    var depth = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(KubernetesJSONError) -> KubernetesJSON {
        let value = try value()
        skipSpace()
        if position < bytes.count { throw unexpected("after top-level value") }
        return value
    }

    private mutating func value() throws(KubernetesJSONError) -> KubernetesJSON {
        skipSpace()
        guard position < bytes.count else { throw endOfInput }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw unexpected("looking for beginning of value")
        }
    }

    private mutating func object() throws(KubernetesJSONError) -> KubernetesJSON {
        try enter()
        var members = KubernetesJSON.Members()
        position += 1
        skipSpace()
        if try next() == UInt8(ascii: "}") { return leave(.object(members)) }
        while true {
            skipSpace()
            guard try next() == UInt8(ascii: "\"") else {
                throw unexpected("looking for beginning of object key string")
            }
            let key = try string()
            skipSpace()
            guard try next() == UInt8(ascii: ":") else { throw unexpected("after object key") }
            position += 1
            let value = try value()
            members[key] = value
            skipSpace()
            switch try next() {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"): return leave(.object(members))
            default: throw unexpected("after object key:value pair")
            }
        }
    }

    private mutating func array() throws(KubernetesJSONError) -> KubernetesJSON {
        try enter()
        var elements: [KubernetesJSON] = []
        position += 1
        skipSpace()
        if try next() == UInt8(ascii: "]") { return leave(.array(elements)) }
        while true {
            elements.append(try value())
            skipSpace()
            switch try next() {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"): return leave(.array(elements))
            default: throw unexpected("after array element")
            }
        }
    }

    private mutating func string() throws(KubernetesJSONError) -> String {
        position += 1
        var start = position
        var text = ""
        while true {
            let byte = try next()
            switch byte {
            case UInt8(ascii: "\""):
                text += String(decoding: bytes[start..<position], as: UTF8.self)
                position += 1
                return text
            case UInt8(ascii: "\\"):
                text += String(decoding: bytes[start..<position], as: UTF8.self)
                position += 1
                text.unicodeScalars.append(try escaped())
                start = position
            case 0..<0x20: throw unexpected("in string literal")
            default: position += 1
            }
        }
    }

    private mutating func escaped() throws(KubernetesJSONError) -> Unicode.Scalar {
        let byte = try next()
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "u"): return try unicodeEscape()
        default:
            position -= 1
            throw unexpected("in string escape code")
        }
    }

    private mutating func unicodeEscape() throws(KubernetesJSONError) -> Unicode.Scalar {
        let first = try hexadecimal()
        if (0xD800..<0xDC00).contains(first), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            let mark = position
            position += 2
            let second = try hexadecimal()
            if (0xDC00..<0xE000).contains(second) {
                let value = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
                return Unicode.Scalar(value) ?? "\u{FFFD}"
            }
            position = mark
        }
        return Unicode.Scalar(first) ?? "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(KubernetesJSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw endOfInput }
        let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
        guard let value = UInt32(digits, radix: 16) else { throw unexpected("in \\u hexadecimal character escape") }
        position += 4
        return value
    }

    private mutating func number() throws(KubernetesJSONError) -> KubernetesJSON {
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                position += 1
            default: return try checked(start)
            }
        }
        return try checked(start)
    }

    private func checked(_ start: Int) throws(KubernetesJSONError) -> KubernetesJSON {
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard Double(text) != nil else { throw KubernetesJSONError(message: "invalid number literal") }
        return .number(text)
    }

    private mutating func word(_ text: String, _ value: KubernetesJSON) throws(KubernetesJSONError) -> KubernetesJSON {
        for expected in text.utf8 {
            guard try next() == expected else { throw unexpected("in literal \(text)") }
            position += 1
        }
        return value
    }

    private mutating func enter() throws(KubernetesJSONError) {
        depth += 1
        if depth > 500 { throw KubernetesJSONError(message: "exceeded max depth") }
    }

    private mutating func leave(_ value: KubernetesJSON) -> KubernetesJSON {
        depth -= 1
        position += 1
        return value
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private func next() throws(KubernetesJSONError) -> UInt8 {
        guard position < bytes.count else { throw endOfInput }
        return bytes[position]
    }

    private var endOfInput: KubernetesJSONError { KubernetesJSONError(message: "unexpected end of JSON input") }

    private func unexpected(_ place: String) -> KubernetesJSONError {
        KubernetesJSONError(message: "invalid character '\(Character(Unicode.Scalar(bytes[position])))' \(place)")
    }
}
