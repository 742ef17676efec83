/// How long a text may be, in the unit that the other side counts.
struct TextLimit: Sendable, Hashable {
    /// How many.
    let amount: Int
    /// Of what.
    let unit: Unit

    /// What the other side counts.
    enum Unit: Sendable, Hashable {
        /// UTF-8.
        case bytes
        /// UTF-16 code units: for sides that say "characters", of which there are never more.
        case utf16
    }

    /// At most `amount` of `unit`.
    init(_ amount: Int, _ unit: Unit) {
        self.amount = max(0, amount)
        self.unit = unit
    }

    /// The same unit, another amount.
    func with(_ amount: Int) -> TextLimit {
        TextLimit(amount, unit)
    }

    /// How long `text` is.
    func length(of text: some StringProtocol) -> Int {
        switch unit {
        case .bytes: text.utf8.count
        case .utf16: text.utf16.count
        }
    }

    /// Whether `text` keeps the limit.
    func allows(_ text: some StringProtocol) -> Bool {
        length(of: text) <= amount
    }

    /// `text`, or as much of it as fits, with `…` for the rest; characters stay whole.
    func clipped(_ text: String) -> String {
        guard !allows(text) else { return text }
        let mark = "…"
        guard amount >= length(of: mark) else { return "" }
        return with(amount - length(of: mark)).cut(text) + mark
    }

    /// As much of `text` as fits; characters stay whole.
    func cut(_ text: String) -> String {
        if allows(text) { return text }
        var room = amount
        var end = text.startIndex
        while end < text.endIndex {
            let next = text.index(after: end)
            room -= length(of: text[end..<next])
            guard room >= 0 else { break }
            end = next
        }
        return String(text[..<end])
    }
}

extension String {
    /// The text on one line: line breaks, other control characters and marks that change the writing direction become
    /// spaces, runs of spaces one.
    var singleLine: String {
        let scalars = unicodeScalars.map { scalar -> UnicodeScalar in
            switch scalar.value {
            case 0...0x20, 0x7f...0x9f, 0x2028, 0x2029, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: " "
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars)).split(separator: " ").joined(separator: " ")
    }
}
