extension JSONValue {
    /// The document as compact JSON text.
    var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    /// The document as UTF-8.
    var bytes: [UInt8] { Array(text.utf8) }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let number): text += String(number)
        case .number(let number): text += number.isFinite ? number.description : "null"
        case .string(let value): text += "\"" + JSONValue.escaped(value) + "\""
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                element.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                text += "\"" + JSONValue.escaped(member.name) + "\":"
                member.value.write(to: &text)
            }
            text += "}"
        }
    }

    /// `text` as it stands between the quotes of a JSON string (RFC 8259 §7).
    static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count + 8)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            // U+2028 and U+2029 are legal in JSON, but some receivers still evaluate it as JavaScript, where they end a
            // line.
            case "\u{0}"..."\u{1F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
