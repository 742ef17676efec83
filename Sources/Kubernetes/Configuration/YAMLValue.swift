/// A YAML document as plain data: what a kubeconfig is made of.
enum YAMLValue: Sendable, Hashable {
    /// Text, and whether it was written without quotes, so that it may mean a number, a flag or nothing.
    case scalar(String, isPlain: Bool)
    /// Values in order.
    case sequence([YAMLValue])
    /// Values by name, in order.
    case mapping([Field])

    /// One entry of a mapping.
    struct Field: Sendable, Hashable {
        /// The key.
        var name: String
        /// The value.
        var value: YAMLValue
    }

    /// Whether it says nothing: `null`, `~` or no text at all.
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = self else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The value of that name, unless this is no mapping or it says nothing.
    subscript(_ name: String) -> YAMLValue? {
        guard case .mapping(let fields) = self,
            let value = fields.first(where: { $0.name == name })?.value, !value.isNull
        else { return nil }
        return value
    }

    /// The text of a scalar.
    var text: String? {
        guard case .scalar(let text, _) = self, !isNull else { return nil }
        return text
    }

    /// The elements of a sequence.
    var elements: [YAMLValue]? {
        guard case .sequence(let elements) = self else { return nil }
        return elements
    }

    /// The flag that a plain scalar means, in every spelling of YAML 1.1.
    var flag: Bool? {
        guard case .scalar(let text, isPlain: true) = self else { return nil }
        return switch text.lowercased() {
        case "true", "yes", "on", "y": true
        case "false", "no", "off", "n": false
        default: nil
        }
    }
}

extension YAMLValue: Encodable {
    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Writes the value as an exec plugin expects it: plain scalars as what they mean.
    func encode(to encoder: any Encoder) throws {
        switch self {
        case .mapping(let fields):
            var container = encoder.container(keyedBy: Name.self)
            for field in fields {
                try container.encode(field.value, forKey: Name(field.name))
            }
        case .sequence(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements {
                try container.encode(element)
            }
        case .scalar(let text, let isPlain):
            var container = encoder.singleValueContainer()
            if isNull {
                try container.encodeNil()
            } else if isPlain, let number = Int(text) {
                try container.encode(number)
            } else if text == "true" && isPlain {
                try container.encode(true)
            } else if text == "false" && isPlain {
                try container.encode(false)
            } else {
                try container.encode(text)
            }
        }
    }
}

/// Why a text is no YAML that we read; never quotes the text, because kubeconfigs hold keys.
struct YAMLProblem: Error, Hashable {
    /// What is wrong, and on which line.
    var detail: String
}
