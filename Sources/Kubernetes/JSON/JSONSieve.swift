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
        let selection: JSONSelection
        var hasMembers = false
    }

    /// Longer than any key that is selected, even if all of it is written in escapes.
    private static let keyLimit = 512

    private let root: JSONSelection
    private var place = Place.between
    private var frames: [Frame] = []
    private var choice: JSONSelection?
    /// What earlier chunks had of the key that is read.
    private var key: [UInt8] = []
    /// Where we are in a key, or in a value that is kept or dropped whole.
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
            switch place {
            case .between: readBetween(chunk, &index, into: &output)
            case .key: readKey(chunk, &index, into: &output)
            case .colon:
                readColon(chunk[index], into: &output)
                index += 1
            case .value:
                if chunk[index].isJSONWhitespace { index += 1 } else { beginValue(chunk, &index, into: &output) }
            case .keeping, .dropping: readValue(chunk, &index, into: &output)
            }
        }
        return output
    }

    private mutating func readBetween(_ chunk: [UInt8], _ index: inout Int, into output: inout [UInt8]) {
        let byte = chunk[index]
        guard let last = frames.indices.last else {
            if byte == UInt8(ascii: "{") {
                choice = root
                beginValue(chunk, &index, into: &output)
            } else {
                output.append(byte)
                index += 1
            }
            return
        }
        let isObject = frames[last].isObject
        switch byte {
        case UInt8(ascii: "}") where isObject, UInt8(ascii: "]") where !isObject:
            frames.removeLast()
            output.append(byte)
        case UInt8(ascii: ","):
            break
        case _ where byte.isJSONWhitespace:
            break
        case UInt8(ascii: "\"") where isObject:
            nesting = JSONNesting()
            nesting.read(byte)
            place = .key
        // Nonsense, for the decoder to refuse.
        case _ where isObject, UInt8(ascii: "}"):
            output.append(byte)
        default:
            separate(into: &output)
            choice = frames[last].selection
            return beginValue(chunk, &index, into: &output)
        }
        index += 1
    }

    private mutating func readKey(_ chunk: [UInt8], _ index: inout Int, into output: inout [UInt8]) {
        let start = index
        nesting.readString(chunk, &index)
        if nesting.isInString {
            key += chunk[start..<index].prefix(Self.keyLimit + 1 - key.count)
        } else if key.isEmpty {
            endKey(chunk[start..<index - 1], into: &output)
        } else {
            key += chunk[start..<index - 1]
            endKey(key[...], into: &output)
            key = []
        }
    }

    private mutating func endKey(_ key: ArraySlice<UInt8>, into output: inout [UInt8]) {
        place = .colon
        choice = choice(of: key)
        guard choice != nil else { return }
        separate(into: &output)
        output.append(UInt8(ascii: "\""))
        output += key
        output.append(UInt8(ascii: "\""))
    }

    private func choice(of key: ArraySlice<UInt8>) -> JSONSelection? {
        guard let last = frames.indices.last, key.count <= Self.keyLimit else { return nil }
        // A key that is written with escapes may be any.
        return key.contains(UInt8(ascii: "\\")) ? .everything : frames[last].selection.member(named: key)
    }

    private mutating func readColon(_ byte: UInt8, into output: inout [UInt8]) {
        guard byte == UInt8(ascii: ":") else { return }
        place = .value
        if choice != nil { output.append(byte) }
    }

    private mutating func separate(into output: inout [UInt8]) {
        guard let last = frames.indices.last else { return }
        if frames[last].hasMembers { output.append(UInt8(ascii: ",")) }
        frames[last].hasMembers = true
    }

    /// Takes the first byte of an object or array of which parts are kept; of anything else none.
    private mutating func beginValue(_ chunk: [UInt8], _ index: inout Int, into output: inout [UInt8]) {
        let byte = chunk[index]
        let opens = byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
        if opens, let choice, choice.members != nil {
            frames.append(Frame(isObject: byte == UInt8(ascii: "{"), selection: choice))
            output.append(byte)
            index += 1
            place = .between
            return
        }
        nesting = JSONNesting()
        place = choice == nil ? .dropping : .keeping
    }

    /// Takes what the chunk has of a value that is kept or dropped whole.
    private mutating func readValue(_ chunk: [UInt8], _ index: inout Int, into output: inout [UInt8]) {
        let start = index
        let hasEnded = nesting.readValue(chunk, &index)
        if place == .keeping { output += chunk[start..<index] }
        if hasEnded { place = .between }
    }
}

/// What of a JSON value is kept.
struct JSONSelection: Sendable, ExpressibleByDictionaryLiteral {
    /// A member by its name, and what of it is kept.
    struct Member: Sendable {
        let name: [UInt8]
        let selection: JSONSelection
    }

    /// The members of an object, or of each element of an array; `nil` keeps all of it. A value that is neither is
    /// always kept. They are few: looking through them is faster than hashing a key.
    let members: [Member]?

    /// All of it.
    static let everything = JSONSelection(members: nil)

    private init(members: [Member]?) {
        self.members = members
    }

    /// Only these members.
    init(dictionaryLiteral elements: (String, JSONSelection)...) {
        members = elements.map { Member(name: Array($0.0.utf8), selection: $0.1) }
    }

    /// All of these members, and nothing else.
    static func only(_ names: some Sequence<String>) -> JSONSelection {
        JSONSelection(members: names.map { Member(name: Array($0.utf8), selection: .everything) })
    }

    /// The members of both; of those that both have, what this one keeps.
    func and(_ other: JSONSelection) -> JSONSelection {
        guard let members, let others = other.members else { return .everything }
        return JSONSelection(members: members + others.filter { member(named: $0.name[...]) == nil })
    }

    /// What is kept of the member of that name; `nil` for nothing.
    func member(named name: ArraySlice<UInt8>) -> JSONSelection? {
        members?.first { $0.name.count == name.count && $0.name.elementsEqual(name) }?.selection
    }
}
