import JSON

extension JSONValue {
    /// A string, or nothing at all.
    static func text(_ value: String?) -> JSONValue? { value.map { .string($0) } }

    /// An object of those members that have a value.
    static func members(_ pairs: [(String, JSONValue?)]) -> JSONValue {
        .object(pairs.compactMap { pair in pair.1.map { Member(name: pair.0, value: $0) } })
    }
}
