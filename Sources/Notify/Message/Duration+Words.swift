extension Duration {
    /// The length for people: `80 ms`, `3.8 s`, `35 s`, `1 min 58 s`, `2 h 5 min`, `3 d 4 h`; rounded down, so that
    /// nobody counts on time that is not there.
    var words: String {
        guard self > .zero else { return "0 s" }
        let tenths = Int(components.seconds) * 10 + Int(components.attoseconds / 100_000_000_000_000_000)
        let seconds = tenths / 10
        switch seconds {
        case 0: return "\(components.attoseconds / 1_000_000_000_000_000) ms"
        case ..<10: return tenths % 10 == 0 ? "\(seconds) s" : "\(seconds).\(tenths % 10) s"
        case ..<60: return "\(seconds) s"
        case ..<3600: return pair(seconds / 60, "min", seconds % 60, "s")
        case ..<86400: return pair(seconds / 3600, "h", seconds / 60 % 60, "min")
        default: return pair(seconds / 86400, "d", seconds / 3600 % 24, "h")
        }
    }

    /// The length in seconds, for receivers that calculate; to the millisecond.
    var inSeconds: Double {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        return Double(milliseconds) / 1000
    }

    private func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
    }
}
