/// Tells when a trouble that is reported again and again is worth another warning: at the 1st, 2nd, 4th, 8th, ... time, so that a year
/// of it costs a page and not a disk.
struct Repetition: Sendable {
    /// How many troubles are told apart; one more starts all of them anew.
    static let limit = 32
    private var occurrences: [String: Int] = [:]

    /// The trouble happened again; answers how often so far.
    mutating func happened(_ trouble: String) -> Int {
        if occurrences[trouble] == nil, occurrences.count >= Repetition.limit { occurrences = [:] }
        occurrences[trouble, default: 0] += 1
        return occurrences[trouble] ?? 1
    }

    /// The trouble is over.
    mutating func ended(_ trouble: String) {
        occurrences[trouble] = nil
    }

    /// Whether the occurrence with that number deserves a warning.
    static func isWorthTelling(_ occurrence: Int) -> Bool {
        occurrence > 0 && occurrence & (occurrence - 1) == 0
    }
}
