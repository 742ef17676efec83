import FoundationEssentials

/// JSON in and out of bytes. Errors name what was expected and where, never what was there.
enum JSON {
    /// The media type of every body but a patch.
    static let mediaType = "application/json"

    /// Reads a value; throws `garbled`.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8]
    ) throws(KubernetesError) -> Value {
        guard !bytes.isEmpty else {
            throw .garbled(detail: "an empty body instead of \(name(of: type))")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            // The place is made of keys, and those are the other side's.
            throw .garbled(detail: KubernetesError.bounded("not \(name(of: type)): \(error.summary)"))
        } catch {
            throw .garbled(detail: "not \(name(of: type))")
        }
    }

    /// Writes a value, keys in order so that equal values give equal bytes.
    static func encode(_ value: some Encodable) throws(KubernetesError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw .invalid(message: "\(name(of: type(of: value))) cannot be written as JSON")
        }
    }

    private static func name(of type: Any.Type) -> String {
        String(describing: type).replacing("Body", with: "")
    }
}

extension DecodingError {
    /// What is wrong and where, without the value.
    fileprivate var summary: String {
        switch self {
        case .typeMismatch(_, let context): "another type at \(context.place)"
        case .valueNotFound(_, let context): "nothing at \(context.place)"
        case .keyNotFound(let key, let context): "no \(key.stringValue) at \(context.place)"
        case .dataCorrupted: "not JSON"
        @unknown default: "unreadable"
        }
    }
}

extension DecodingError.Context {
    fileprivate var place: String {
        codingPath.isEmpty ? "the top" : codingPath.map(\.stringValue).joined(separator: ".")
    }
}
