extension KubernetesJSON {
    /// The text as the API server prints it: no spaces, keys in their order.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The text as bytes.
    public var bytes: [UInt8] {
        var output: [UInt8] = []
        print(into: &output)
        return output
    }

    /// Appends the text to a buffer.
    func print(into output: inout [UInt8]) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let text): output.append(contentsOf: text.utf8)
        case .string(let text): Self.printString(text, into: &output)
        case .verbatim(let bytes): output.append(contentsOf: bytes)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                element.print(into: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, entry) in members.entries.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                Self.printString(entry.key, into: &output)
                output.append(UInt8(ascii: ":"))
                entry.value.print(into: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func printString(_ text: String, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && !needsEscape($0) }) {
            output.append(contentsOf: text.utf8)
        } else {
            for scalar in text.unicodeScalars { printScalar(scalar, into: &output) }
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): true
        default: false
        }
    }

    // Go's encoder escapes what could be HTML, and the two line separators that JavaScript trips over.
    private static func printScalar(_ scalar: Unicode.Scalar, into output: inout [UInt8]) {
        switch scalar {
        case "\"": output.append(contentsOf: "\\\"".utf8)
        case "\\": output.append(contentsOf: "\\\\".utf8)
        case "\n": output.append(contentsOf: "\\n".utf8)
        case "\r": output.append(contentsOf: "\\r".utf8)
        case "\t": output.append(contentsOf: "\\t".utf8)
        case "<", ">", "&", "\u{2028}", "\u{2029}":
            printEscape(scalar.value, into: &output)
        default:
            if scalar.value < 0x20 {
                printEscape(scalar.value, into: &output)
            } else {
                output.append(contentsOf: String(scalar).utf8)
            }
        }
    }

    private static func printEscape(_ value: UInt32, into output: inout [UInt8]) {
        let digits = String(value, radix: 16)
        output.append(contentsOf: "\\u".utf8)
        output.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
        output.append(contentsOf: digits.utf8)
    }
}
