/// Cuts a stream into its lines, at any chunk border; empty lines are dropped.
struct LineSplitter: Sendable {
    private let limit: Int
    private var rest: [UInt8] = []

    /// A splitter for lines of at most `limit` bytes.
    init(limit: Int) {
        self.limit = limit
    }

    /// Whether something stands behind the last newline.
    var hasRest: Bool { rest.contains { !$0.isJSONWhitespace } }

    /// Reads the next chunk and returns the lines that it completes; `nil` when a line is longer than the limit.
    mutating func lines(in chunk: [UInt8]) -> [[UInt8]]? {
        var lines: [[UInt8]] = []
        let pieces = chunk.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, piece) in pieces.enumerated() {
            guard rest.count + piece.count <= limit else { return nil }
            rest += piece
            if index < pieces.count - 1 {
                if hasRest {
                    lines.append(rest)
                }
                rest = []
            }
        }
        return lines
    }
}
