/// Cuts the JSON of a list into the elements of its top-level `items` and the rest, at any chunk border.
///
/// It finds where things begin and end and nothing more: each piece is for a decoder, which judges it. Memory is
/// bounded by one item, one chunk and a small envelope.
struct ItemSplitter: Sendable {
    /// Why a text is not a list.
    enum Failure: Error, Equatable {
        case itemTooLarge(limit: Int)
        case envelopeTooLarge(limit: Int)
        case itemNotAnObject
        case notAnObject
        case noItems
        case truncated
    }

    /// Where the next byte belongs.
    private enum Place {
        /// Outside `items`.
        case envelope
        /// Between two elements of `items`.
        case items
        /// Inside an element.
        case item
    }

    private static let envelopeLimit = 64 << 10
    private static let itemsKey = Array("items".utf8)

    private let itemLimit: Int
    private var place = Place.envelope
    private var nesting = JSONNesting()
    private var envelope: [UInt8] = []
    private var item: [UInt8] = []
    /// The last string at the top level, as far as it matters to tell whether it is `items`.
    private var string: [UInt8] = []
    private var isItemsValue = false
    private var foundItems = false

    /// A splitter that refuses items of more than `itemLimit` bytes.
    init(itemLimit: Int) {
        self.itemLimit = itemLimit
    }

    /// Reads the next chunk and returns the items that it completes.
    mutating func items(in chunk: [UInt8]) throws(Failure) -> [[UInt8]] {
        var completed: [[UInt8]] = []
        var itemStart = 0
        for index in chunk.indices {
            let byte = chunk[index]
            switch place {
            case .item:
                nesting.read(byte)
                // The list is depth 1, its array 2: back at 2, the element has ended.
                if nesting.depth == 2 && !nesting.isInString {
                    try append(chunk[itemStart...index])
                    completed.append(item)
                    item = []
                    place = .items
                }
            case .items:
                if try readBetweenItems(byte) {
                    itemStart = index
                }
            case .envelope:
                try readEnvelope(byte)
            }
        }
        if place == .item {
            try append(chunk[itemStart...])
        }
        return completed
    }

    /// The rest of the list, with `items` emptied, once all chunks were read.
    func finished() throws(Failure) -> [UInt8] {
        guard place == .envelope, nesting.depth == 0, !envelope.isEmpty else { throw .truncated }
        guard foundItems else { throw .noItems }
        return envelope
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) throws(Failure) {
        guard item.count + bytes.count <= itemLimit else { throw .itemTooLarge(limit: itemLimit) }
        item += bytes
    }

    /// Whether `byte` opens an element.
    private mutating func readBetweenItems(_ byte: UInt8) throws(Failure) -> Bool {
        switch byte {
        case UInt8(ascii: "{"):
            nesting.read(byte)
            place = .item
            return true
        case UInt8(ascii: "]"):
            nesting.read(byte)
            place = .envelope
            isItemsValue = false
            envelope.append(byte)
            return false
        case UInt8(ascii: ","):
            return false
        case _ where byte.isJSONWhitespace:
            return false
        default:
            throw .itemNotAnObject
        }
    }

    private mutating func readEnvelope(_ byte: UInt8) throws(Failure) {
        let before = nesting
        nesting.read(byte)
        if before.depth == 0 && byte.isJSONWhitespace {
            return
        }
        // Only one object, and nothing in front of it or behind it.
        guard before.depth > 0 || (byte == UInt8(ascii: "{") && envelope.isEmpty), nesting.depth >= 0 else {
            throw .notAnObject
        }
        guard envelope.count < Self.envelopeLimit else { throw .envelopeTooLarge(limit: Self.envelopeLimit) }
        envelope.append(byte)
        guard before.depth == 1 else { return }
        if nesting.isInString {
            readString(byte, isFirst: !before.isInString)
        } else if !before.isInString {
            readPunctuation(byte)
        }
    }

    private mutating func readString(_ byte: UInt8, isFirst: Bool) {
        if isFirst {
            string = []
        } else if string.count <= Self.itemsKey.count {
            string.append(byte)
        }
    }

    private mutating func readPunctuation(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: ":"):
            isItemsValue = string == Self.itemsKey
            foundItems = foundItems || isItemsValue
        case UInt8(ascii: ","):
            isItemsValue = false
        case UInt8(ascii: "[") where isItemsValue:
            place = .items
        default:
            break
        }
    }
}

extension ItemSplitter.Failure {
    /// The failure in words.
    var detail: String {
        switch self {
        case .itemTooLarge(let limit): "an item of more than \(limit) bytes"
        case .envelopeTooLarge(let limit): "more than \(limit) bytes beside the items"
        case .itemNotAnObject: "an item that is not an object"
        case .notAnObject: "not a JSON object"
        case .noItems: "no items"
        case .truncated: "it ends too early"
        }
    }
}

extension UInt8 {
    /// Space, tab, line feed or carriage return (RFC 8259).
    var isJSONWhitespace: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
