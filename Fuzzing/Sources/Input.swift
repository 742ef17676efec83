/// Numbers for a target's choices, drawn from the end of an input, so that its beginning stays what it looks like.
struct Choices {
    private var rest: ArraySlice<UInt8>

    /// Choices by `bytes`; zeros when they run out.
    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    /// The next byte.
    mutating func byte() -> UInt8 { rest.popLast() ?? 0 }

    /// A number below `limit`.
    mutating func number(below limit: Int) -> Int {
        Int(byte()) % max(1, limit)
    }
}

extension [UInt8] {
    /// This in pieces of the sizes that `choices` gives, none of them empty.
    func pieces(_ choices: inout Choices) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var start = 0
        while start < count {
            let size = 1 + choices.number(below: 64) * (count / 256 + 1)
            pieces.append(Array(self[start..<Swift.min(count, start + size)]))
            start += size
        }
        return pieces
    }

    /// The parts between record separators (0x1E).
    var records: [[UInt8]] {
        split(separator: 0x1E, omittingEmptySubsequences: false).map { Array($0) }
    }
}
