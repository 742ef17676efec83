/// A form in the order in which it was written, encoded as `application/x-www-form-urlencoded` (space as `%20`, which
/// every reader knows).
public struct FormBody: Sendable, ExpressibleByDictionaryLiteral {
    /// The header that goes with it.
    public static let contentType = "application/x-www-form-urlencoded; charset=utf-8"

    /// The encoded body.
    public private(set) var bytes: [UInt8] = []

    /// A form from a literal, in its order; names may repeat.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }

    /// A form from pairs, in their order; names may repeat.
    public init(_ pairs: [(name: String, value: String)]) {
        for pair in pairs {
            append(pair.name, pair.value)
        }
    }

    /// Adds a field behind those that are there.
    public mutating func append(_ name: String, _ value: String) {
        if !bytes.isEmpty {
            bytes.append(UInt8(ascii: "&"))
        }
        bytes += name.percentEncoded.utf8
        bytes.append(UInt8(ascii: "="))
        bytes += value.percentEncoded.utf8
    }
}

extension FormBody: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Its size: a form may carry a token.
    public var description: String { "form of \(bytes.count) bytes" }
    /// The same as `description`.
    public var debugDescription: String { description }
    /// A mirror without children, so that `dump` cannot print a field.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
