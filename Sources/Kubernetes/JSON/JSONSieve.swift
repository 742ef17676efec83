/// Leaves out of JSON texts what nobody reads, while they arrive, at any chunk border: what is kept does not grow with
/// the objects.
///
/// It judges nothing. What is not JSON passes as it is or comes out as other nonsense, for the decoder to refuse; a text
/// that ends too early does so here, too.
struct JSONSieve: Sendable {
    private enum Place {
        /// In an opened object or array, or outside of everything: a key, an element, a comma or a close comes next.
        case between
        case key
        case colon
        /// A value comes next, of which `choice` is kept.
        case value
        case keeping
        case dropping
    }

    /// An object or array of which parts are kept.
    private struct Frame {
        let isObject: Bool
        let members: [[UInt8]: JSONSelection]
        var hasMembers = false
    }

    /// More of a key than of any that is selected.
    private static let keyLimit = 128

    private let root: JSONSelection
    private var place = Place.between
    private var frames: [Frame] = []
    private var choice: JSONSelection?
    /// The key that is read, and where we are in it or in a value that is kept or dropped whole.
    private var key: [UInt8] = []
    private var nesting = JSONNesting()

    /// A sieve for texts of that kind, one after another.
    init(_ root: JSONSelection) {
        self.root = root
    }

    /// What is kept of the next chunk.
    mutating func sifted(_ chunk: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var index = 0
        while index < chunk.count {
            take(chunk[index], into: &output)
            index += 1
            if place == .dropping, nesting.isInString, !nesting.isEscaped {
                // Most bytes are those of dropped strings.
                while index < chunk.count, chunk[index] != UInt8(ascii: "\""), chunk[index] != UInt8(ascii: "\\") {
                    index += 1
                }
            }
        }
        return output
    }

    private mutating func take(_ byte: UInt8, into output: inout [UInt8]) {
        switch place {
        case .between: readBetween(byte, into: &output)
        case .key: readKey(byte)
        case .colon: readColon(byte, into: &output)
        case .value: if !byte.isJSONWhitespace { beginValue(byte, into: &output) }
        case .keeping, .dropping: readValue(byte, into: &output)
        }
    }

    private mutating func readBetween(_ byte: UInt8, into output: inout [UInt8]) {
        guard let frame = frames.last else {
            if byte == UInt8(ascii: "{") {
                choice = root
                beginValue(byte, into: &output)
            } else {
                output.append(byte)
            }
            return
        }
        switch byte {
        case UInt8(ascii: "}") where frame.isObject, UInt8(ascii: "]") where !frame.isObject:
            frames.removeLast()
            output.append(byte)
        case UInt8(ascii: ","):
            break
        case _ where byte.isJSONWhitespace:
            break
        case UInt8(ascii: "\"") where frame.isObject:
            key = []
            nesting = JSONNesting()
            nesting.read(byte)
            place = .key
        case _ where frame.isObject:
            output.append(byte)
        default:
            separate(into: &output)
            choice = .some(JSONSelection(members: frame.members))
            beginValue(byte, into: &output)
        }
    }

    private mutating func readKey(_ byte: UInt8) {
        nesting.read(byte)
        guard nesting.isInString else {
            place = .colon
            return
        }
        if key.count < Self.keyLimit { key.append(byte) }
    }

    private mutating func readColon(_ byte: UInt8, into output: inout [UInt8]) {
        guard byte == UInt8(ascii: ":") else { return }
        place = .value
        // A key that is written with escapes may be any.
        choice = key.contains(UInt8(ascii: "\\")) ? .everything : frames.last?.members[key]
        guard choice != nil else { return }
        separate(into: &output)
        output.append(UInt8(ascii: "\""))
        output += key
        output += [UInt8(ascii: "\""), UInt8(ascii: ":")]
    }

    private mutating func separate(into output: inout [UInt8]) {
        guard !frames.isEmpty else { return }
        if frames[frames.count - 1].hasMembers { output.append(UInt8(ascii: ",")) }
        frames[frames.count - 1].hasMembers = true
    }

    private mutating func beginValue(_ byte: UInt8, into output: inout [UInt8]) {
        let opens = byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
        if opens, let members = choice?.members {
            frames.append(Frame(isObject: byte == UInt8(ascii: "{"), members: members))
            output.append(byte)
            place = .between
            return
        }
        nesting = JSONNesting()
        place = choice == nil ? .dropping : .keeping
        readValue(byte, into: &output)
    }

    private mutating func readValue(_ byte: UInt8, into output: inout [UInt8]) {
        let before = nesting
        nesting.read(byte)
        if before.depth == 0, !before.isInString,
            nesting.depth < 0 || byte == UInt8(ascii: ",") || byte.isJSONWhitespace
        {
            // A number, `true` or `null` ends with what comes behind it.
            place = .between
            readBetween(byte, into: &output)
            return
        }
        if place == .keeping { output.append(byte) }
        let wasInside = before.depth > 0 || before.isInString
        if wasInside, nesting.depth == 0, !nesting.isInString { place = .between }
    }
}

/// What of a JSON value is kept.
struct JSONSelection: Sendable, ExpressibleByDictionaryLiteral {
    /// The members of an object, or of each element of an array; `nil` keeps all of it. A value that is neither is
    /// always kept.
    let members: [[UInt8]: JSONSelection]?

    /// All of it.
    static let everything = JSONSelection(members: nil)

    /// A selection from its members.
    init(members: [[UInt8]: JSONSelection]?) {
        self.members = members
    }

    /// Only these members.
    init(dictionaryLiteral elements: (String, JSONSelection)...) {
        members = Dictionary(elements.map { (Array($0.0.utf8), $0.1) }) { first, _ in first }
    }

    /// All of these members, and nothing else.
    static func only(_ names: some Sequence<String>) -> JSONSelection {
        JSONSelection(members: Dictionary(names.map { (Array($0.utf8), .everything) }) { first, _ in first })
    }

    /// The members of both.
    func and(_ other: JSONSelection) -> JSONSelection {
        guard let members, let others = other.members else { return .everything }
        return JSONSelection(members: members.merging(others) { first, _ in first })
    }
}
