/// Headers in order, looked up without regard to case. Values print as nothing: they may be tokens.
public struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// The headers as sent or received.
    public private(set) var fields: [(name: String, value: Secret)]

    /// Headers from a literal, in its order.
    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { ($0.0, Secret($0.1)) }
    }

    /// The first value of that name, or sets it in place of all of that name (`nil` removes).
    public subscript(_ name: String) -> String? {
        get { fields.first { Self.isSameName($0.name, name) }?.value.reveal() }
        set {
            fields.removeAll { Self.isSameName($0.name, name) }
            if let newValue {
                fields.append((name, Secret(newValue)))
            }
        }
    }

    /// Adds a header behind those that are there.
    public mutating func append(_ name: String, _ value: Secret) {
        fields.append((name, value))
    }

    /// Same names and values in the same order.
    public static func == (left: HTTPHeaders, right: HTTPHeaders) -> Bool {
        left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
    }

    /// Continues the last value: a folded line of a received head.
    mutating func continueLast(with text: String) {
        guard let last = fields.popLast() else { return }
        fields.append((last.name, Secret("\(last.value.reveal()) \(text)")))
    }

    /// Whether both spell the same header name; ASCII, and without an allocation, as it runs for every poll.
    static func isSameName(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count
            && zip(left.utf8, right.utf8).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
    }
}

extension UInt8 {
    /// The small letter of an ASCII capital, anything else unchanged.
    var asciiLowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
