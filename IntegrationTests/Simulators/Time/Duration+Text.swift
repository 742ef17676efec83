extension Duration {
    /// A duration as people type it: `120s`, `500ms`, `2m`, `1h`, or bare seconds; nil for anything else.
    public init?(text: some StringProtocol) {
        let digits = text.prefix { $0.isNumber || $0 == "-" }
        guard let number = Int64(digits) else { return nil }
        switch text.dropFirst(digits.count) {
        case "", "s": self = .seconds(number)
        case "ms": self = .milliseconds(number)
        case "m": self = .seconds(number * 60)
        case "h": self = .seconds(number * 3600)
        default: return nil
        }
    }
}
