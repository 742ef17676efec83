import Interruption
import Logging

extension LineBuilder {
    /// The whole line for an event, its end included.
    static func line(
        _ event: LogEvent, metadata: Logger.Metadata, at time: WallTime, as format: LineFormat
    ) -> [UInt8] {
        var fields = metadata
        if let error = event.error { fields["error"] = .string("\(error)") }
        var builder = LineBuilder()
        switch format {
        case .json: builder.writeObject(event, fields, time)
        case .text: builder.writeText(event, fields, time)
        }
        builder.append("\n")
        return builder.bytes
    }

    private mutating func writeObject(_ event: LogEvent, _ fields: Logger.Metadata, _ time: WallTime) {
        append("{\"time\":\"\(time.rfc3339)\",\"level\":\"\(event.level.rawValue)\",\"message\":")
        appendQuoted("\(event.message)")
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            guard hasRoom(for: name.utf8.count + 8) else { break }
            append(",")
            appendQuoted(LineBuilder.ownNames.contains(name) ? "metadata.\(name)" : name)
            append(":")
            append(value, depth: 0)
        }
        append(isCut ? ",\"log.cut\":true}" : "}")
    }

    private mutating func writeText(_ event: LogEvent, _ fields: Logger.Metadata, _ time: WallTime) {
        let level = event.level.rawValue
        append("\(time.rfc3339) \(level)\(String(repeating: " ", count: max(1, 9 - level.count)))")
        appendEscaped("\(event.message)")
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            guard hasRoom(for: name.utf8.count + 8) else { break }
            append(" ")
            appendEscaped(name)
            append("=")
            if case .string(let text) = value, text.isPlainWord {
                appendEscaped(text)
            } else {
                append(value, depth: 0)
            }
        }
        if isCut { append(" log.cut=true") }
    }

    /// Names that a line has anyway; a field with such a name is renamed, because what comes twice in an object is read as anybody likes.
    private static let ownNames: Set<String> = ["time", "level", "message", "log.cut"]

    private mutating func append(_ value: Logger.MetadataValue, depth: Int) {
        guard depth < LineBuilder.depthLimit else { return appendMark() }
        switch value {
        case .string(let text): appendQuoted(text)
        case .stringConvertible(let thing): append(thing)
        case .array(let elements):
            appendElements(elements, between: "[", and: "]", overhead: { _ in 8 }) { builder, element in
                builder.append(element, depth: depth + 1)
            }
        case .dictionary(let entries):
            let sorted = entries.sorted { $0.key < $1.key }
            appendElements(sorted, between: "{", and: "}", overhead: { $0.key.utf8.count + 8 }) { builder, entry in
                builder.appendQuoted(entry.key)
                builder.append(":")
                builder.append(entry.value, depth: depth + 1)
            }
        }
    }

    /// Numbers and truth values stay what they are, so that they can be compared and added up.
    private mutating func append(_ thing: any CustomStringConvertible) {
        switch thing {
        case let number as Int: append("\(number)")
        case let number as Double where number.isFinite: append("\(number)")
        case let truth as Bool: append("\(truth)")
        default: appendQuoted("\(thing)")
        }
    }

    private mutating func appendElements<Element>(
        _ elements: [Element], between opening: String, and closing: String, overhead: (Element) -> Int,
        write: (inout LineBuilder, Element) -> Void
    ) {
        append(opening)
        for (index, element) in elements.enumerated() {
            guard hasRoom(for: overhead(element)) else { break }
            if index > 0 { append(",") }
            write(&self, element)
        }
        append(closing)
    }
}
