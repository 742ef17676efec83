import FoundationEssentials
import JSON

/// JSON in and out of bytes. Errors name what was expected and where, never what was there.
enum JSON {
    /// The media type of every body but a patch.
    static let mediaType = "application/json"

    /// Reads a value; throws `garbled`.
    static func decode<Value: JSONReadable>(
        _ type: Value.Type, from bytes: [UInt8]
    ) throws(KubernetesError) -> Value {
        guard !bytes.isEmpty else {
            throw .garbled(detail: "an empty body instead of \(name(of: type))")
        }
        guard let json = JSONValue(reading: bytes, allowsTrailingCommas: true) else {
            throw .garbled(detail: "not \(name(of: type)): not JSON")
        }
        do throws(JSONMismatch) {
            return try Value(json: json)
        } catch {
            // The place is made of keys, and those are the other side's.
            throw .garbled(detail: KubernetesError.bounded("not \(name(of: type)): \(error.summary)"))
        }
    }

    /// Writes a value, keys in order so that equal values give equal bytes; what is written for each pod is a `JSONValue`.
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
