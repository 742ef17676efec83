import JSON

extension JSONValue {
    /// A string, or nothing at all.
    static func text(_ value: String?) -> JSONValue? { value.map { .string($0) } }
}
