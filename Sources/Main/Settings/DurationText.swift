extension Duration {
    /// Reads `90` (seconds), `500ms`, `1.5s`, `2m`, `1h`, `1h30m`, also negative; `nil` for anything else.
    public init?(setting text: String) {
        var rest = Substring(trimmed(text))
        let isNegative = rest.first == "-"
        if isNegative { rest.removeFirst() }
        guard !rest.isEmpty else { return nil }
        var sum = Duration.zero
        var isFirst = true
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
            guard !digits.isEmpty, let number = Double(digits), number <= 1e12 else { return nil }
            rest.removeFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest.removeFirst(unit.count)
            switch unit {
            case "ms": sum += .milliseconds(number)
            case "s": sum += .seconds(number)
            case "m": sum += .seconds(number * 60)
            case "h": sum += .seconds(number * 3600)
            case "" where isFirst && rest.isEmpty: sum += .seconds(number)
            default: return nil
            }
            // Longer than any machine lives, and short enough for every sum that is made of it.
            guard sum <= .seconds(1_000_000_000) else { return nil }
            isFirst = false
        }
        self = isNegative ? .zero - sum : sum
    }

    /// The short form, such as `1s`, `500ms`, `2m`, `1h30m`.
    public var settingText: String {
        // Rounded, because what was read as a fraction is a little beside it.
        let half: Int64 = components.attoseconds < 0 ? -500_000_000_000_000 : 500_000_000_000_000
        let milliseconds = components.seconds * 1000 + (components.attoseconds + half) / 1_000_000_000_000_000
        guard milliseconds % 1000 == 0 else { return "\(milliseconds)ms" }
        let seconds = milliseconds / 1000
        guard seconds >= 60 else { return "\(seconds)s" }
        let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
        return parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
    }
}
